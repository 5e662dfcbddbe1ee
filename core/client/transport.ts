/** The narrow interface behind which the gRPC library lives: bytes in, bytes out, on one connection. */

/** One call. A unary one is a stream with one message each way. */
export interface TransportCall {
  /** `/package.Service/Method`. */
  path: string;
  /** All messages to send, in order; the next is asked for when the last has gone out. */
  requests: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  metadata: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** When the call fails with DeadlineExceeded; default never. */
  deadline?: Date | undefined;
}

/** One verified connection to an endpoint. */
export interface Transport {
  /** False once the connection has gone or is going away: a new call belongs elsewhere. */
  readonly isUsable: boolean;
  /**
   * Makes a call; gives the messages that have arrived, one or more at a time. Leaving the loop cancels the call.
   *
   * @throws {RpcError} with the status of a call that did not end well
   */
  call(call: TransportCall): AsyncIterable<readonly Uint8Array[]>;
  /** Ends the connection at once, running calls included. */
  close(): void;
}

/** The cause of a failed call that the server certainly has not begun with, so that even a write may be repeated. */
export class NotProcessed extends Error {
  override readonly name = "NotProcessed";
}
