/** Nodes that answer what a test says, over a real connection: for tables whose every cell the test must choose. */

import * as grpc from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import type { MethodDefinition, ServiceName } from "../core/client/talos.ts";
import { RpcError, statusNames } from "../core/errors.ts";
import { renderTalosconfig } from "../core/talosconfig/save.ts";
import { emptyTalosconfigContext } from "../core/talosconfig/talosconfig.ts";
import { serviceLoaders } from "../proto/gen/services.ts";
import { type EndpointCall, startEndpoint } from "./grpc_endpoint.ts";
import { withContext } from "./talos_client.ts";
import { type Outcome, type RunOptions, runProgram } from "./talosctl.ts";

/** An answer, several for a stream, or a failure: an `RpcError` that is thrown. */
// deno-lint-ignore no-explicit-any -- the codecs fill in and check what tests leave out
type Answer = (request: any, node: string) => any;

/** One call, as it was received. */
export interface ReceivedCall {
  method: string;
  node: string;
  request: unknown;
}

/** The nodes, and the program run against them. */
export interface AnsweringNodes extends AsyncDisposable {
  /** In order of arrival. */
  readonly calls: readonly ReceivedCall[];
  talosctl(line: string | readonly string[], options?: RunOptions): Promise<Outcome>;
}

/** Starts nodes with these answers, by `Service/Method`; what has none is Unimplemented. */
export async function startAnswering(
  answers: Readonly<Record<`${ServiceName}/${string}`, Answer>>,
): Promise<AnsweringNodes> {
  const endpoint = await startEndpoint({});
  const calls: ReceivedCall[] = [];
  for (const [path, answer] of Object.entries(answers)) {
    const [service, name] = path.split("/");
    const { methods } = await serviceLoaders[service as ServiceName]();
    const method = Object.values(methods).find((method) => method.name === name);
    if (method === undefined) throw new Error(`no method ${path}`);
    const same = (bytes: Buffer) => bytes;
    const handle = (call: EndpointCall) =>
      void respond(call, method, (request, node) => {
        calls.push({ method: method.name, node, request });
        return answer(request, node);
      });
    endpoint.server.register(`/${path}`, handle, same, same, "bidi");
  }
  const folder = await Deno.makeTempDir();
  const talosconfig = `${folder}/talosconfig`;
  const context = { ...emptyTalosconfigContext(), ...endpoint.context };
  await Deno.writeTextFile(talosconfig, renderTalosconfig(withContext("test", context)));
  return {
    calls,
    talosctl: (line, options = {}) =>
      runProgram(typeof line === "string" ? line.split(" ") : line, {
        ...options,
        env: { TALOSCONFIG: talosconfig, ...options.env },
      }),
    async [Symbol.asyncDispose]() {
      await endpoint[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function respond(call: EndpointCall, method: MethodDefinition, answer: Answer) {
  try {
    const bytes = await new Promise<Uint8Array>((resolve) => call.once("data", resolve));
    const [node = ""] = call.metadata.get("node").map(String);
    const result = await answer(method.requestType.decode(new Uint8Array(bytes)), node);
    for await (const message of method.responseStream ? result : [result]) {
      const encoded = method.responseType.encode(method.responseType.fromPartial(message));
      // A failure overtakes what has not gone out yet.
      await new Promise((resolve) => call.write(Buffer.from(encoded.finish()), resolve));
    }
    call.end();
  } catch (error) {
    const isStatus = error instanceof RpcError;
    const code = isStatus ? statusNames.indexOf(error.code) : grpc.status.INTERNAL;
    const details = isStatus ? error.description : String(error);
    call.emit("error", Object.assign(new Error(details), { code, details }));
  }
}

/** A node that another one cannot reach. */
export function unreachable(): never {
  throw new RpcError("Unavailable", "node is down");
}
