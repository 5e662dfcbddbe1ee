/** Nodes that answer what a test says, over a real endpoint: for odd, hostile or exactly timed answers that no cluster gives. */

import { Buffer } from "node:buffer";
import { RpcError, statusNames } from "../core/errors.ts";
import type { MethodDefinition, ServiceDefinition, ServiceName } from "../core/client/talos.ts";
import { renderTalosconfig } from "../core/talosconfig/save.ts";
import { emptyTalosconfigContext } from "../core/talosconfig/talosconfig.ts";
import { serviceLoaders } from "../proto/gen/services.ts";
import { type EndpointCall, type GrpcEndpoint, startEndpoint } from "./grpc_endpoint.ts";
import { withContext } from "./talos_client.ts";
import type { Target } from "./talosctl.ts";

/** What one method answers: a message, or an iterable of them; an `RpcError` that is thrown is the status. */
export type FakeMethod = (
  // deno-lint-ignore no-explicit-any -- tests look at fields of whatever message they serve
  request: any,
  node: string,
) => object | Promise<object>;

/** Nodes behind one endpoint. */
export interface FakeNodes extends Target, AsyncDisposable {
  /** The endpoint, and what a client needs to trust it. */
  readonly endpoint: GrpcEndpoint;
  /** The requests as they came, with the node each was for. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly requests: { method: string; node: string; request: any }[];
}

const now = new Date("2026-11-21T10:26:00Z");

/** Serves methods by `service/Method`; the clock of the runs stands still. */
export async function startFakeNodes(methods: Record<string, FakeMethod>): Promise<FakeNodes> {
  const endpoint = await startEndpoint({});
  const requests: FakeNodes["requests"] = [];
  for (const [key, answer] of Object.entries(methods)) {
    const { service, method } = await findMethod(key);
    const serve = async (call: EndpointCall) => {
      const node = String(call.metadata.get("node")[0] ?? "");
      try {
        const request = await firstRequest(method, call);
        requests.push({ method: method.name, node, request });
        for await (const message of messagesOf(await answer(request, node))) {
          if (call.cancelled) return;
          const { responseType } = method;
          const bytes = responseType.encode(responseType.fromPartial(message)).finish();
          // A failure overtakes what has not gone out yet.
          await new Promise((resolve) => call.write(Buffer.from(bytes), resolve));
        }
        call.end();
      } catch (error) {
        const status = error instanceof RpcError ? error : new RpcError("Internal", String(error));
        const code = statusNames.indexOf(status.code);
        call.emit("error", { code, details: status.description });
      }
    };
    const same = (bytes: Buffer) => bytes;
    endpoint.server.register(
      `/${service.fullName}/${method.name}`,
      (call: EndpointCall) => void serve(call),
      same,
      same,
      "bidi",
    );
  }
  const folder = await Deno.makeTempDir();
  const talosconfigPath = `${folder}/talosconfig`;
  const context = { ...emptyTalosconfigContext(), ...endpoint.context };
  await Deno.writeTextFile(talosconfigPath, await renderTalosconfig(withContext("fake", context)));
  return {
    endpoint,
    talosconfigPath,
    clock: { now: () => now },
    requests,
    async [Symbol.asyncDispose]() {
      await endpoint[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function findMethod(
  key: string,
): Promise<{ service: ServiceDefinition; method: MethodDefinition }> {
  const [serviceName = "", methodName = ""] = key.split("/");
  const service: ServiceDefinition = await serviceLoaders[serviceName as ServiceName]();
  const method = Object.values(service.methods).find(({ name }) => name === methodName);
  if (method === undefined) throw new Error(`no method ${key}`);
  return { service, method };
}

function firstRequest({ requestType }: MethodDefinition, call: EndpointCall): Promise<unknown> {
  return new Promise((resolve, reject) => {
    call.once("data", (bytes: Uint8Array) => resolve(requestType.decode(new Uint8Array(bytes))));
    call.once("error", reject);
  });
}

function messagesOf(answer: object): AsyncIterable<object> | Iterable<object> {
  const isIterable = Symbol.asyncIterator in answer || Symbol.iterator in answer;
  return isIterable ? answer as Iterable<object> : [answer];
}

/** A stream that stays open until the client goes away. */
export function forever(): Promise<never> {
  return new Promise(() => {});
}
