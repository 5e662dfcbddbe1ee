/**
 * Keeps what is sent from piling up in memory. The runtime (Deno 2.9) calls a write of an HTTP/2 stream done as soon as it
 * is queued, whatever the peer takes: a file of 400 MB took 1.1 GB. A TLS socket, though, counts what has left it.
 */

/** What waits to leave one connection, for all of its calls together. */
export interface SendRoom {
  /** Resolves when little enough waits, and once `ended` aborts. */
  free(ended: AbortSignal): Promise<void>;
  /** Counts a message that is now queued. */
  take(lengthBytes: number): void;
}

/** So much may wait. */
const aheadBytes = 1024 * 1024;
/** Nothing tells of bytes that leave, so the count is looked at again after this. */
const lookAgainMs = 2;

/** Follows the count of a connection's socket. */
export function watchSendRoom(
  socket: { readonly bytesWritten: number; readonly destroyed: boolean },
): SendRoom {
  let takenBytes = 0;
  let leftBefore = socket.bytesWritten;
  const waitingBytes = () => {
    const bytes = takenBytes - (socket.bytesWritten - leftBefore);
    if (bytes > 0) return bytes;
    // All is gone, and with it headers and frames, which are not counted here.
    takenBytes = 0;
    leftBefore = socket.bytesWritten;
    return 0;
  };
  return {
    async free(ended) {
      while (waitingBytes() > aheadBytes && !ended.aborted && !socket.destroyed) {
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      }
    },
    take(lengthBytes) {
      waitingBytes();
      takenBytes += lengthBytes;
    },
  };
}
