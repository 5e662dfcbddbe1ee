/** From an endpoint to a verified connection: its addresses, its proxy, its TLS, within one time limit (spec/client.md, 3.6). */

import { RpcError } from "../errors.ts";
import { isIpAddress } from "../ip_address.ts";
import { type Endpoint, joinHostPort } from "./endpoint.ts";
import { connectError, errorCode } from "./go_errors.ts";
import { connectGrpc } from "./grpc_transport.ts";
import { chooseProxy, type Proxy } from "./proxy_choice.ts";
import { openTunnel } from "./proxy_tunnel.ts";
import { stagger } from "./stagger.ts";
import type { Handshake } from "./tls_handshake.ts";
import type { Transport } from "./transport.ts";

/** How endpoints are connected to; the same for all of them. */
export interface DialOptions {
  handshake: Handshake;
  proxyUrl: string;
  env(name: string): string | undefined;
  /** One endpoint is treated a little differently from several: see where it is used. */
  isOnlyEndpoint: boolean;
  keepalive?: { intervalMs: number; timeoutMs: number } | undefined;
}

/** After this without an outcome the next address, or the next endpoint, is tried too. */
export const attemptDelayMs = 250;

/**
 * Connects to an endpoint. After `timeoutMs` it fails; when the signal aborts all is let go.
 *
 * @throws {RpcError} `Unavailable` with the official text
 */
export async function dialEndpoint(
  endpoint: Endpoint,
  options: DialOptions & { timeoutMs: number },
  signal: AbortSignal,
): Promise<Transport> {
  const start = performance.now();
  const port = portNumber(endpoint.port);
  const proxy = chooseProxy({ ...options, host: endpoint.host, port: endpoint.port });
  // The official client asks a proxy for an address where it has resolved the name already: for one endpoint.
  const hosts = proxy && !options.isOnlyEndpoint
    ? [endpoint.host]
    : await resolveHost(endpoint.host, options);
  return await stagger(hosts, {
    delayMs: attemptDelayMs,
    signal,
    attempt: (host, attemptSignal) => {
      const target = { host, port: endpoint.port };
      const dialled = proxy ?? target;
      return connectGrpc({
        address: { host: dialled.host, port: proxy ? Number(proxy.port) : port },
        addressText: joinHostPort(dialled.host, dialled.port),
        // As the official client: with several endpoints the port is left out.
        authority: options.isOnlyEndpoint
          ? joinHostPort(endpoint.host, endpoint.port)
          : endpoint.host,
        secure: (socket, life) => secure({ socket, proxy, target, endpoint, options, life }),
        timeoutMs: Math.max(0, options.timeoutMs - (performance.now() - start)),
        keepalive: options.keepalive,
      }, attemptSignal);
    },
  });
}

interface Securing {
  socket: Parameters<Handshake>[0];
  proxy: Proxy | undefined;
  target: { host: string; port: string };
  endpoint: Endpoint;
  options: DialOptions;
  life: AbortSignal;
}

async function secure({ socket, proxy, target, endpoint, options, life }: Securing) {
  const carrier = proxy ? await openTunnel(socket, proxy, target, life) : socket;
  return await options.handshake(carrier, endpoint.host, life);
}

function portNumber(port: string): number {
  if (!/^\d+$/.test(port)) {
    throw connectError("dial", `dial tcp: lookup tcp/${port}: unknown port`);
  }
  if (Number(port) > 65535) throw connectError("dial", `dial tcp: address ${port}: invalid port`);
  return Number(port);
}

/** The addresses of a host, in the order of the system's preference. */
async function resolveHost(
  host: string,
  { isOnlyEndpoint, timeoutMs }: { isOnlyEndpoint: boolean; timeoutMs: number },
): Promise<string[]> {
  if (isIpAddress(host)) return [host];
  const { lookup } = await import("node:dns/promises");
  const { promise: late, reject } = Promise.withResolvers<never>();
  // The system's resolver takes no signal and may wait for longer than a connection may take.
  const timer = setTimeout(() => reject(new Error("i/o timeout")), timeoutMs);
  try {
    const addresses = await Promise.race([lookup(host, { all: true }), late]);
    return addresses.map(({ address }) => address);
  } catch (error) {
    throw lookupError(host, error, isOnlyEndpoint);
  } finally {
    clearTimeout(timer);
  }
}

/** The official client resolves the name of an only endpoint apart from dialling it, with texts of its own. */
function lookupError(host: string, error: unknown, isOnlyEndpoint: boolean): RpcError {
  const isUnknown = errorCode(error) === "ENOTFOUND";
  if (!isOnlyEndpoint) {
    const reason = isUnknown ? "no such host" : "server misbehaving";
    return connectError("dial", `dial tcp: lookup ${host}: ${reason}`, error);
  }
  const text = isUnknown
    ? "name resolver error: produced zero addresses"
    : `dns: A record lookup error: lookup ${host}: server misbehaving`;
  return new RpcError("Unavailable", text, { cause: error });
}
