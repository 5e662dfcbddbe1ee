/** A gRPC call as every hop of the sandbox sees it: opaque messages in, opaque messages out, metadata beside them. */

/** Request metadata: lower-case keys, each with its values in order. */
export type CallMetadata = ReadonlyMap<string, readonly string[]>;

/** A call on its way. Messages are not decoded before they reach the service that answers. */
export interface Call {
  /** `/machine.MachineService/Version` */
  readonly path: string;
  /** What the caller dialled, for `proxyfrom`. */
  readonly authority: string;
  readonly metadata: CallMetadata;
  readonly requests: AsyncIterable<Uint8Array>;
  /** Aborts when the caller is gone or its deadline has passed. */
  readonly signal: AbortSignal;
}

/** The messages of the answer; a status other than OK is a thrown `RpcError`. */
export type Answer = AsyncIterable<Uint8Array>;

/** Who is at the other end of a connection. */
export interface Peer {
  /** Organization values of the client certificate; undefined where none was asked for. */
  organizations: readonly string[] | undefined;
  remoteAddress: string;
}

/** A call as it was received by an endpoint, for tests to look at. */
export interface CallRecord {
  /** The `node` metadata, or empty. */
  node: string;
  /** `/machine.MachineService/Version` */
  method: string;
  /** The address of the listener. */
  endpoint: string;
  /** The call's metadata, by lower-case key. */
  metadata: Readonly<Record<string, readonly string[]>>;
}
