/** A connection that lets so many bytes through to the client and then resets: a TLS socket owns its handle, so a RST needs one of ours. */

import net from "node:net";

/**
 * Serves `client` through an inner connection, which is handed to `serve`, and resets `client` (a real
 * RST) when more than `afterBytes` bytes went to it after the handshake began.
 */
export function relayWithReset(
  client: net.Socket,
  afterBytes: number,
  serve: (inner: net.Socket) => void,
): void {
  const inner = net.createServer((socket) => {
    inner.close();
    socket.on("error", () => {});
    serve(socket);
  });
  inner.listen(0, "127.0.0.1", () => {
    const bound = inner.address();
    if (bound === null || typeof bound === "string") return;
    const upstream = net.connect(bound.port, "127.0.0.1");
    let sentBytes = 0;
    upstream.on("error", () => client.destroy());
    upstream.on("data", (chunk) => {
      sentBytes += chunk.length;
      if (sentBytes <= afterBytes) {
        client.write(chunk);
        return;
      }
      client.resetAndDestroy();
      upstream.destroy();
    });
    upstream.on("end", () => client.end());
    client.on("data", (chunk) => upstream.write(chunk));
    client.on("close", () => upstream.destroy());
  });
}
