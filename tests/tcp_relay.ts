/** A way to an endpoint that a test can break, close or freeze under the connections that use it. */

import net from "node:net";

/** One relay. */
export interface TcpRelay extends AsyncDisposable {
  /** `host:port`, in the place of the endpoint's own. */
  address: string;
  /** Whether a connection goes through it now. */
  readonly isInUse: boolean;
  /** Resets all connections and refuses new ones. */
  break(): Promise<void>;
  /** Passes nothing on any more, either way, and closes nothing; new connections find the same. */
  freeze(): void;
}

/** Relays a port of 127.0.0.1, by default a free one, to `address`. */
export async function startRelay(address: string, ownPort = 0): Promise<TcpRelay> {
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  const sockets = new Set<net.Socket>();
  let isFrozen = false;
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // either side ends as it likes
    socket.on("close", () => sockets.delete(socket));
  };
  const server = net.createServer((near) => {
    keep(near);
    if (isFrozen) return;
    const far = net.connect(port, "127.0.0.1");
    keep(far);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(ownPort, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the relay has no port");
  const breakAll = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    address: `127.0.0.1:${bound.port}`,
    get isInUse() {
      return sockets.size > 0;
    },
    break: breakAll,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    [Symbol.asyncDispose]: breakAll,
  };
}
