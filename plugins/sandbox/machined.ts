/** The daemon behind apid: knows the services, checks the caller's roles, decodes, answers (spec/client.md, 4.6 and 5.3). */

import type { MethodDefinition, ServiceDefinition } from "../../core/client/talos.ts";
import { RpcError } from "../../core/errors.ts";
import { allowedRoles } from "../../core/method_roles.ts";
import { serviceLoaders } from "../../proto/gen/services.ts";
import type { Call } from "./call.ts";
import type { SandboxCluster } from "./cluster.ts";
import type { SandboxNode } from "./node.ts";
import type { AnyHandler, HandlerContext } from "./service_group.ts";
import { serviceGroups } from "./services/all.ts";

/** Services of the Talos API on a node; the program knows more of them, which other servers answer. */
const served = new Set([
  "machine.MachineService",
  "machine.ImageService",
  "machine.StorageService",
  "machine.DebugService",
  "machine.LifecycleService",
  "machine.LVMService",
  "machine.MDService",
  "cluster.ClusterService",
  "cosi.resource.State",
  "inspect.InspectService",
  "storage.StorageService",
  "time.TimeService",
]);

/** Serves a call on this node. The caller's roles are the `talos-role` metadata, which apid has set. */
export async function* machined(
  cluster: SandboxCluster,
  node: SandboxNode,
  call: Call,
): AsyncGenerator<Uint8Array> {
  const { service, definition, method } = await findMethod(call.path);
  const roles = call.metadata.get("talos-role") ?? [];
  if (!allowedRoles(service, method.definition.name).some((role) => roles.includes(role))) {
    throw new RpcError("PermissionDenied", "not authorized");
  }
  const handler = findHandler(definition.fullName, method.key);
  if (handler === undefined) {
    throw new RpcError("Unimplemented", `method ${method.definition.name} not implemented`);
  }
  const context = { cluster, node, roles, metadata: call.metadata, signal: call.signal };
  yield* answer(method.definition, handler, call, context);
}

async function* answer(
  { requestType, requestStream, responseType, responseStream }: MethodDefinition,
  handler: AnyHandler,
  call: Call,
  context: HandlerContext,
): AsyncGenerator<Uint8Array> {
  const requests = decodeAll(requestType, call.requests);
  const result = handler(requestStream ? requests : await only(requests), context);
  const messages = responseStream ? result as AsyncIterable<unknown> : [await result];
  for await (const message of messages) {
    yield responseType.encode(responseType.fromPartial(message)).finish();
  }
  // A stream that only stopped because nobody listens, or the node goes down, has not come to its end.
  if (responseStream) call.signal.throwIfAborted();
}

async function findMethod(path: string) {
  const [, service = "", name = ""] = path.match(/^\/([^/]+)\/([^/]+)$/) ?? [];
  if (name === "") throw new RpcError("Unimplemented", `malformed method name: "${path}"`);
  if (!isServed(service)) throw new RpcError("Unimplemented", `unknown service ${service}`);
  const definition: ServiceDefinition = await serviceLoaders[service]();
  for (const [key, method] of Object.entries(definition.methods)) {
    if (method.name === name) return { service, definition, method: { key, definition: method } };
  }
  throw new RpcError("Unimplemented", `unknown method ${name} for service ${service}`);
}

function isServed(service: string): service is keyof typeof serviceLoaders {
  return served.has(service);
}

function findHandler(service: string, key: string): AnyHandler | undefined {
  for (const group of serviceGroups) {
    const handler = group.service === service ? group.handlers[key] : undefined;
    if (handler !== undefined) return handler;
  }
}

async function* decodeAll(
  codec: MethodDefinition["requestType"],
  requests: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown> {
  for await (const bytes of requests) {
    try {
      yield codec.decode(bytes);
    } catch (cause) {
      const text = `grpc: error unmarshalling request: ${
        cause instanceof Error ? cause.message : cause
      }`;
      throw new RpcError("Internal", text, { cause });
    }
  }
}

/** The request of a unary call; what comes after it is left unread. */
async function only(requests: AsyncIterable<unknown>): Promise<unknown> {
  for await (const request of requests) return request;
  throw new RpcError("Internal", "grpc: no request message was sent");
}
