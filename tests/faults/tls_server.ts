/** A TLS server with a good certificate of the cluster whose words are a test's: for answers that no server gives. */

import http2 from "node:http2";
import net from "node:net";
import tls from "node:tls";
import { keyPemForTls } from "../../core/pki/pem.ts";
import type { Sandbox } from "../../plugins/sandbox/start.ts";

/** A listening server. */
export interface TlsServer extends AsyncDisposable {
  /** `host:port`. */
  address: string;
}

/** Serves on a free port of 127.0.0.1; clients of the sandbox trust it. */
export async function serveTls(
  sandbox: Pick<Sandbox, "pki">,
  options: tls.TlsOptions,
  serve: (socket: tls.TLSSocket) => void,
): Promise<TlsServer> {
  const authority = await sandbox.pki.authority();
  const own = await authority.issue({
    notBefore: new Date(Date.now() - 60_000),
    lifetimeMs: 3_600_000,
    usage: ["serverAuth"],
    ipAddresses: ["127.0.0.1"],
  });
  const sockets = new Set<net.Socket>();
  const server = tls.createServer({
    cert: own.certificatePem,
    key: keyPemForTls(own.keyPem),
    ALPNProtocols: ["h2"],
    ...options,
  }, (socket) => {
    socket.on("error", () => {}); // the client ends as it likes
    serve(socket);
  });
  server.on("connection", (socket: net.Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return {
    address: `127.0.0.1:${bound.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The same for servers that speak HTTP/2, each stream by itself. */
export async function serveHttp2(
  sandbox: Pick<Sandbox, "pki">,
  serve: (stream: http2.ServerHttp2Stream) => void,
): Promise<TlsServer> {
  const server = http2.createServer();
  server.on("sessionError", () => {}); // the client ends as it likes
  server.on("stream", (stream: http2.ServerHttp2Stream) => {
    stream.on("error", () => {});
    serve(stream);
  });
  return await serveTls(sandbox, {}, (socket) => server.emit("connection", socket));
}
