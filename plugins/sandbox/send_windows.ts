/** How much room each HTTP/2 stream's reader has left: Deno 2.9 calls a write done as soon as it is queued, so we read the peer's frames. */

import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** The send windows of one connection, as its peer has granted them. */
export interface SendWindows {
  /** Takes `sentBytes` off the stream's window and resolves when there is room again. Rejects when `signal` aborts. */
  take(streamId: number, sentBytes: number, signal: AbortSignal): Promise<void>;
}

const prefaceBytes = 24;
const headerBytes = 9;
const frameTypes = { settings: 4, windowUpdate: 8 };
const initialWindowSetting = 4;
const defaultWindowBytes = 65_535;

/** Follows what the peer sends over `socket`; to be called before the HTTP/2 session takes the socket. */
export function watchSendWindows(socket: Duplex): SendWindows {
  let initialBytes = defaultWindowBytes;
  /** Granted less sent, beside the initial window. */
  const balances = new Map<number, number>();
  const waiting = new Map<number, () => void>();
  const wakeWaiting = () => {
    for (const wake of waiting.values()) wake();
  };
  const readFrames = frameReader((type, streamId, payload) => {
    if (type === frameTypes.windowUpdate && payload.length === 4) {
      balances.set(
        streamId,
        (balances.get(streamId) ?? 0) + (payload.readUInt32BE(0) & 0x7fffffff),
      );
      waiting.get(streamId)?.();
    }
    for (let at = 0; type === frameTypes.settings && at + 6 <= payload.length; at += 6) {
      if (payload.readUInt16BE(at) === initialWindowSetting) {
        initialBytes = payload.readUInt32BE(at + 2);
      }
    }
    if (type === frameTypes.settings) wakeWaiting();
  });
  socket.on("data", readFrames);
  socket.on("close", wakeWaiting);

  return {
    take: async (streamId, sentBytes, signal) => {
      balances.set(streamId, (balances.get(streamId) ?? 0) - sentBytes);
      while (initialBytes + (balances.get(streamId) ?? 0) <= 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.set(streamId, resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
        await promise;
        waiting.delete(streamId);
        signal.throwIfAborted();
      }
    },
  };
}

/** Cuts what arrives into frames, whatever its pieces are; payloads of other than control frames come empty. */
function frameReader(onFrame: (type: number, streamId: number, payload: Buffer) => void) {
  let skipBytes = prefaceBytes;
  let pending = Buffer.alloc(0);
  return (chunk: Uint8Array): void => {
    const skipped = Math.min(skipBytes, chunk.length);
    skipBytes -= skipped;
    pending = Buffer.concat([pending, chunk.subarray(skipped)]);

    while (skipBytes === 0 && pending.length >= headerBytes) {
      const length = pending.readUIntBE(0, 3);
      const type = pending[3] ?? 0;
      const streamId = pending.readUInt32BE(5) & 0x7fffffff;
      const isControl = type === frameTypes.settings || type === frameTypes.windowUpdate;
      if (isControl && pending.length < headerBytes + length) return;
      const end = headerBytes + length;
      onFrame(type, streamId, pending.subarray(headerBytes, isControl ? end : headerBytes));
      skipBytes = Math.max(0, end - pending.length);
      pending = pending.subarray(end);
    }
  };
}
