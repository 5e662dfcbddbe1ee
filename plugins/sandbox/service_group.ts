/** How a gRPC service is written here: typed handlers by method, several files a service where that reads better. */

import type {
  DeepPartial,
  MessageCodec,
  MethodDefinition,
  ServiceName,
} from "../../core/client/talos.ts";
import type { Services } from "../../proto/gen/services.ts";
import type { CallMetadata } from "./call.ts";
import type { SandboxCluster } from "./cluster.ts";
import type { SandboxNode } from "./node.ts";

/** What a handler knows of the call besides the request. */
export interface HandlerContext {
  cluster: SandboxCluster;
  node: SandboxNode;
  /** The caller's, sorted. */
  roles: readonly string[];
  metadata: CallMetadata;
  signal: AbortSignal;
}

type MessageOf<C> = C extends MessageCodec<infer T> ? T : never;
type Received<M extends MethodDefinition> = M["requestStream"] extends true
  ? AsyncIterable<MessageOf<M["requestType"]>>
  : MessageOf<M["requestType"]>;
type Response<M extends MethodDefinition> = DeepPartial<MessageOf<M["responseType"]>>;
type Answered<M extends MethodDefinition> = M["responseStream"] extends true
  ? AsyncIterable<Response<M>>
  : Promise<Response<M>> | Response<M>;

/** Handlers of some of a service's methods, by their names in camelCase. */
export type Handlers<N extends ServiceName> = {
  [K in keyof Services[N]["methods"]]?: Services[N]["methods"][K] extends MethodDefinition ? (
      request: Received<Services[N]["methods"][K]>,
      context: HandlerContext,
    ) => Answered<Services[N]["methods"][K]>
    : never;
};

/** A handler as the dispatcher calls it: it knows from the definition what goes in and out. */
export type AnyHandler = (request: unknown, context: HandlerContext) => unknown;

/** Some methods of one service. */
export interface ServiceGroup {
  service: ServiceName;
  handlers: Readonly<Record<string, AnyHandler>>;
}

/** Declares handlers of a service; the compiler holds them to its definition. */
export function implement<N extends ServiceName>(service: N, handlers: Handlers<N>): ServiceGroup {
  return { service, handlers: handlers as Record<string, AnyHandler> };
}
