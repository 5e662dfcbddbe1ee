/** One call over a grpc-js channel as an async iterable of what has arrived, with a limit to what waits. */

import type * as Grpc from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import { RpcError, type StatusName, statusNames } from "../errors.ts";
import { finalStatus } from "./grpc_status.ts";
import type { SendRoom } from "./send_room.ts";
import { NotProcessed, type TransportCall } from "./transport.ts";

/**
 * So much is taken from the connection ahead of the reader. What nobody has taken from it is lost when it breaks, and
 * messages handed on together cost less than each by itself: a file of 1 KiB messages takes half the time.
 */
const aheadBytes = 256 * 1024;

/**
 * Makes a call. No further message is asked for while enough of them wait, so that a slow reader
 * slows the sender down.
 *
 * @throws {RpcError} with the status of a call that did not end well
 */
export async function* callOverGrpc(
  grpc: typeof Grpc,
  { channel, room }: { channel: Grpc.Channel; room: SendRoom },
  { path, requests, metadata, signal, deadline }: TransportCall,
): AsyncGenerator<readonly Uint8Array[]> {
  if (signal.aborted) throw canceled();
  const headers = headersOf(grpc, metadata);
  const call = channel.createCall(path, deadline ?? Infinity, null, null, undefined);
  const ended = new AbortController();
  let requestFailure: unknown;
  let status: { code: number; details: string } | undefined;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isAsking = false;
  let wake = () => {};
  const ask = () => {
    if (isAsking || waitingBytes >= aheadBytes) return;
    isAsking = true;
    call.startRead();
  };

  const cancel = () => call.cancelWithStatus(grpc.status.CANCELLED, ownCancel);
  signal.addEventListener("abort", cancel, { once: true });
  call.start(headers, {
    onReceiveMetadata: () => {},
    onReceiveMessage: (message: Uint8Array) => {
      // After the others that came in the same piece, whose delivery takes several turns of the queues.
      if (waiting.length === 0) setImmediate(() => wake());
      waiting.push(plainBytes(message));
      waitingBytes += message.length;
      isAsking = false;
      ask();
    },
    onReceiveStatus: (final) => {
      status = finalStatus(final);
      ended.abort();
      wake();
    },
  });
  sendAll(call, { requests, room }, ended.signal).catch((error: unknown) => {
    requestFailure = error;
    cancel();
  });

  try {
    ask();
    for (;;) {
      while (waiting.length === 0 && status === undefined) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      if (waiting.length === 0 || signal.aborted) break;
      const taken = waiting;
      waiting = [];
      waitingBytes = 0;
      if (status === undefined) ask();
      yield taken;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    if (status === undefined) cancel();
  }
  if (requestFailure !== undefined) throw requestFailure;
  if (status === undefined) throw canceled();
  if (status.code !== grpc.status.OK) throw statusError(status);
}

/** Headers are printable ASCII; a node name that is not stays here, as with the official client. */
function headersOf(grpc: typeof Grpc, metadata: Readonly<Record<string, string>>): Grpc.Metadata {
  const headers = new grpc.Metadata();
  for (const [key, value] of Object.entries(metadata)) {
    if (!/^[ -~]*$/.test(value)) {
      throw new RpcError(
        "Internal",
        `header key "${key}" contains value with non-printable ASCII characters`,
      );
    }
    headers.set(key, value);
  }
  return headers;
}

/** Marks a cancellation as ours: one that a server or a broken connection causes is another matter. */
const ownCancel = "context canceled";

const connectionLost = "error reading from server: EOF";

/** How the library tells of a socket that broke, as Unavailable or, where a write found out first, as Internal. */
const brokenSocket = /(?:^|triggered by internal client error: )(?:read|write) E[A-Z]+$/;

function canceled(): RpcError {
  return new RpcError("Canceled", ownCancel);
}

/** Sends one message after the other, each when the ones before have gone out, until the call has ended. */
async function sendAll(
  call: Grpc.experimental.CallStream,
  { requests, room }: Pick<TransportCall, "requests"> & { room: SendRoom },
  ended: AbortSignal,
): Promise<void> {
  // One listener for all: one each would keep every message in memory until the call ends.
  let goOn = () => {};
  ended.addEventListener("abort", () => goOn(), { once: true });
  for await (const request of requests) {
    await room.free(ended);
    if (ended.aborted) return;
    room.take(request.length);
    await new Promise<void>((resolve) => {
      goOn = resolve;
      // A failure to write ends the call, whose status says more.
      call.sendMessageWithContext({ callback: () => resolve() }, asBuffer(request));
    });
  }
  if (!ended.aborted) call.halfClose();
}

/** The same bytes without the runtime's own kind around them, which makes cutting and searching slow. */
function plainBytes({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** The library wants its bytes as the runtime's own kind; the memory stays the same. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A status in the official client's words, where grpc-js has its own. */
function statusError({ code, details }: { code: number; details?: string }): RpcError {
  // What the library cannot decompress ends a call with neither code nor text.
  if (details === undefined) {
    return new RpcError("Internal", "grpc: failed to decompress the received message");
  }
  const name: StatusName = statusNames[code] ?? "Unknown";
  if (name === "Canceled") {
    return details === ownCancel
      ? canceled()
      : new RpcError("Unavailable", "stream terminated by RST_STREAM with error code: CANCEL");
  }
  // A stream that ends well and yet without a status is what a dying connection may leave of it.
  const isLost = details === "Connection dropped" ||
    details.includes("with code 0 (Call ended without");
  if (isLost || brokenSocket.test(details)) {
    return new RpcError("Unavailable", connectionLost);
  }
  // Only a call the server has refused to begin with is tried again by the library, in vain.
  if (name === "Unavailable" && details.startsWith("No connection established")) {
    return new RpcError("Unavailable", connectionLost, { cause: new NotProcessed() });
  }
  if (name === "DeadlineExceeded" && details.startsWith("Deadline exceeded")) {
    return new RpcError("DeadlineExceeded", "context deadline exceeded");
  }
  const size = /^Received message larger than max \((\d+) vs (\d+)\)$/.exec(details);
  if (size) {
    return new RpcError(
      name,
      `grpc: received message larger than max (${size[1]} vs. ${size[2]})`,
    );
  }
  return new RpcError(name, details);
}
