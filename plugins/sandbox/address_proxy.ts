/**
 * A way to the nodes' own addresses, which no network has: an HTTP proxy that knows where they listen. Clients
 * take it from HTTPS_PROXY; only dialling a node itself needs it (maintenance mode), endpoints are real addresses.
 */

import net from "node:net";
import type { SandboxNode } from "./node.ts";

/** A proxy that listens on the loopback network. */
export interface AddressProxy extends AsyncDisposable {
  /** What HTTPS_PROXY has to say. */
  readonly url: string;
}

const apiPort = "50000";
/** Longer than any request of this kind. */
const maxHeadBytes = 8192;

/** Serves tunnels to these nodes, and to nobody else. */
export async function startAddressProxy(nodes: readonly SandboxNode[]): Promise<AddressProxy> {
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    // A peer that resets is a peer that is gone: `close` follows.
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const server = net.createServer((client) => {
    keep(client);
    readHead(client, (head) => {
      const endpoint = endpointOf(nodes, head);
      if (endpoint === undefined) {
        client.end("HTTP/1.1 502 no node of the sandbox listens there\r\n\r\n");
        return;
      }
      const upstream = net.connect(endpoint.port, endpoint.host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(upstream);
        upstream.pipe(client);
      });
      keep(upstream);
      upstream.on("close", () => client.destroy());
      client.on("close", () => upstream.destroy());
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", () => resolve());
  await promise;
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${bound.port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

/** Calls back with the request's head; clients do not speak on before they are answered. */
function readHead(client: net.Socket, onHead: (head: string) => void): void {
  let head = "";
  const onData = (chunk: Uint8Array) => {
    head += new TextDecoder().decode(chunk);
    if (!head.includes("\r\n\r\n") && head.length < maxHeadBytes) return;
    client.off("data", onData);
    onHead(head);
  };
  client.on("data", onData);
}

/** Where the node listens that a `CONNECT host:port` is about. */
function endpointOf(
  nodes: readonly SandboxNode[],
  head: string,
): { host: string; port: number } | undefined {
  const [, name = "", wantedPort] = /^CONNECT ([^ ]+):(\d+) HTTP\/1\.[01]\r\n/.exec(head) ?? [];
  if (wantedPort !== apiPort) return undefined;
  const node = nodes.find(({ addresses, hostname }) =>
    hostname === name || addresses.includes(name)
  );
  const [, host, port] = node?.endpoint?.match(/^\[?([^\]]+?)\]?:(\d+)$/) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}
