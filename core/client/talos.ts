/** What commands see of the client: typed stubs of any service, for one node, many, or none named. */

import type { NodeError } from "../command.ts";
import type { Services } from "../../proto/gen/services.ts";

/** The name of a service the program has codecs for, such as `machine.MachineService`. */
export type ServiceName = keyof Services;

/** How a message crosses the wire. */
export interface MessageCodec<T> {
  /** To bytes, which `finish` gives. */
  encode(message: T): { finish(): Uint8Array };
  /** From bytes; throws on what is no such message. */
  decode(bytes: Uint8Array): T;
  /** Fills what is absent with the protobuf defaults. */
  // deno-lint-ignore no-explicit-any -- generated codecs type this by their own deep-partial type
  fromPartial(partial: any): T;
}

/** One method, as generated code describes it. */
export interface MethodDefinition<I = unknown, O = unknown> {
  /** As in the `.proto` file: `ServiceList`. */
  readonly name: string;
  /** What is sent. */
  readonly requestType: MessageCodec<I>;
  /** Any number of requests is sent, not one. */
  readonly requestStream: boolean;
  /** What comes back. */
  readonly responseType: MessageCodec<O>;
  /** Any number of answers comes back, not one. */
  readonly responseStream: boolean;
}

/** One service: its full name and its methods by their names in camelCase. */
export interface ServiceDefinition {
  /** With its package: `machine.MachineService`. */
  readonly fullName: string;
  /** By their names in camelCase. */
  // deno-lint-ignore no-explicit-any -- the message types differ from method to method
  readonly methods: Readonly<Record<string, MethodDefinition<any, any>>>;
}

/** A request with any of its fields left out. */
export type DeepPartial<T> = T extends Uint8Array | string | number | boolean | undefined ? T
  : T extends (infer E)[] ? DeepPartial<E>[]
  : { [K in keyof T]?: DeepPartial<T[K]> | undefined };

/** What any call may be given. */
export interface CallOptions {
  /** Cancels the call; the command's own signal always does. */
  signal?: AbortSignal;
  /** The call fails with DeadlineExceeded after this. Default: none. */
  timeoutMs?: number;
  /**
   * Of a stream of `common.Data`, messages that arrived together come as one: for bytes that are cut anywhere. Default:
   * each message as it was sent.
   */
  joinsData?: boolean;
  /** Further request metadata. */
  metadata?: Readonly<Record<string, string>>;
}

/** One node's answer (one message of it, for a stream), or its failure; `node` is spelled as the user wrote it. */
export type NodeResult<T> = { node: string; value: T } | NodeError;

/** The message that a codec is for. */
export type MessageOf<C> = C extends MessageCodec<infer T> ? T : never;
/** What a method is asked with. */
export type RequestOf<M extends MethodDefinition> = DeepPartial<MessageOf<M["requestType"]>>;
/** What a method answers. */
export type ResponseOf<M extends MethodDefinition> = MessageOf<M["responseType"]>;
/** What a call of a method takes: one request, or a stream of them. */
export type Sent<M extends MethodDefinition> = M["requestStream"] extends true
  ? AsyncIterable<RequestOf<M>>
  : RequestOf<M>;

/** A service of one target: unary methods give a promise, streaming ones an async iterable. Failures are `RpcError`s. */
export type Stub<D extends ServiceDefinition> = {
  [K in keyof D["methods"]]: (
    request: Sent<D["methods"][K]>,
    options?: CallOptions,
  ) => D["methods"][K]["responseStream"] extends true ? AsyncIterable<ResponseOf<D["methods"][K]>>
    : Promise<ResponseOf<D["methods"][K]>>;
};

/**
 * A service of many nodes at once: one concurrent call a node, answers in order of arrival, never
 * an exception for a node's failure. Leaving the loop cancels what still runs.
 */
export type FanOutStub<D extends ServiceDefinition> = {
  [K in keyof D["methods"]]: D["methods"][K]["requestStream"] extends true ? never : (
    request: RequestOf<D["methods"][K]>,
    options?: CallOptions,
  ) => AsyncIterable<NodeResult<ResponseOf<D["methods"][K]>>>;
};

/** A service that no type describes: its methods by their names in camelCase, called as those of a stub. */
// deno-lint-ignore no-explicit-any -- the messages are known to whoever wrote the `.proto` file
export type UntypedStub = Readonly<Record<string, any>>;

/** The services of one target. */
export interface Target {
  /** One of the services of Talos. */
  service<N extends ServiceName>(name: N): Promise<Stub<Services[N]>>;
  /** A service of the plugin's own, from a file it named with `registry.proto`. */
  ownService(name: string): Promise<UntypedStub>;
}

/** The services of several targets at once. */
export interface Targets {
  /** One of the services of Talos. */
  service<N extends ServiceName>(name: N): Promise<FanOutStub<Services[N]>>;
  /** A service of the plugin's own; each method gives an async iterable of {@linkcode NodeResult}s. */
  ownService(name: string): Promise<UntypedStub>;
}

/**
 * The client registry: lazily connected, one connection shared by all that ask. Its own services are those of whichever
 * endpoint is picked; that is not available with `--insecure`.
 */
export interface Talos extends Target {
  /** The services of one node, proxied by an endpoint. */
  node(node: string): Target;
  /** The services of each of these nodes; duplicates are asked twice. */
  nodes(nodes: readonly string[]): Targets;
  /** A node in maintenance mode, dialled itself: its certificate is not looked at, and nobody says who calls. */
  maintenance(node: string): Target;
}
