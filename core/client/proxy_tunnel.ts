/** Asking a proxy, over a socket already connected to it, for a tunnel to the endpoint (spec/client.md, 3.10). */

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { isIpAddress } from "../ip_address.ts";
import { goQuote } from "../output/go_quote.ts";
import { joinHostPort } from "./endpoint.ts";
import { connectError, tlsReason } from "./go_errors.ts";
import type { Proxy } from "./proxy_choice.ts";

/** A response longer than this is no answer to CONNECT. */
const maxResponseBytes = 64 * 1024;

/**
 * Opens the tunnel; what comes back carries the bytes of the endpoint.
 *
 * @throws {RpcError} `Unavailable` with the reason
 */
export async function openTunnel(
  socket: Socket,
  proxy: Proxy,
  target: { host: string; port: string },
  signal: AbortSignal,
): Promise<Socket> {
  if (proxy.scheme === "socks5") return await socksTunnel(socket, proxy, target);
  const carrier = proxy.scheme === "https" ? await secureProxy(socket, proxy, signal) : socket;
  return await connectTunnel(carrier, proxy, joinHostPort(target.host, target.port));
}

async function socksTunnel(
  socket: Socket,
  proxy: Proxy,
  target: { host: string; port: string },
): Promise<Socket> {
  const { SocksClient } = (await import("socks")).default; // CommonJS: see grpc_transport.ts
  try {
    const { socket: tunnel } = await SocksClient.createConnection({
      command: "connect",
      existing_socket: socket,
      proxy: {
        host: proxy.host,
        port: Number(proxy.port),
        type: 5,
        ...(proxy.username === undefined
          ? {}
          : { userId: proxy.username, password: proxy.password ?? "" }),
      },
      destination: { host: target.host, port: Number(target.port) },
    });
    return tunnel;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const names = `${joinHostPort(proxy.host, proxy.port)}->${
      joinHostPort(target.host, target.port)
    }`;
    throw connectError("dial", `socks connect tcp ${names}: ${reason}`, error);
  }
}

/** TLS with the proxy itself, by the system's authorities. */
async function secureProxy(socket: Socket, proxy: Proxy, signal: AbortSignal): Promise<Socket> {
  const { connect } = await import("node:tls");
  const secured = connect({
    socket,
    servername: isIpAddress(proxy.host) ? "" : proxy.host,
    host: proxy.host,
  });
  signal.addEventListener("abort", () => secured.destroy(), { once: true });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  secured.once("secureConnect", () => resolve(secured));
  secured.on("error", (error) => reject(connectError("dial", tlsReason(error), error)));
  return await promise;
}

async function connectTunnel(socket: Socket, proxy: Proxy, target: string): Promise<Socket> {
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    "User-Agent: grpc-go/1.83.0",
    ...(proxy.username === undefined ? [] : [
      `Proxy-Authorization: Basic ${basicCredentials(proxy.username, proxy.password ?? "")}`,
    ]),
  ];
  socket.write(lines.join("\r\n") + "\r\n\r\n");
  const response = await readHead(socket);
  if (!/^HTTP\/1\.[01] 200 /.test(response + " ")) {
    throw connectError(
      "dial",
      `failed to do connect handshake, response: ${goQuote(response)}`,
    );
  }
  return socket;
}

/** Base64 of `user:password`, as HTTP's Basic scheme has it. */
export function basicCredentials(username: string, password: string): string {
  return new TextEncoder().encode(`${username}:${password}`).toBase64();
}

/** Reads up to the empty line; the endpoint, on the other side, does not speak before it was spoken to. */
function readHead(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const finish = () => {
    socket.off("data", onData);
    socket.off("end", onEnd);
    socket.off("error", onError);
    socket.pause();
  };
  const onData = (chunk: Buffer) => {
    text += chunk.toString("latin1");
    if (!text.includes("\r\n\r\n") && text.length < maxResponseBytes) return;
    finish();
    resolve(text);
  };
  const onEnd = () => {
    finish();
    if (text === "") reject(connectError("dial", "reading server HTTP response: unexpected EOF"));
    else resolve(text);
  };
  const onError = (error: Error) => {
    finish();
    reject(connectError("dial", `reading server HTTP response: ${tlsReason(error)}`, error));
  };
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.on("error", onError);
  return promise;
}
