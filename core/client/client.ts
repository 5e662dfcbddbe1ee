/** A client of one set of endpoints: calls with the metadata and the authentication of a context. */

import { withPrefix } from "../error_prefix.ts";
import { CliError } from "../errors.ts";
import { resolveContext } from "./context.ts";
import { readCredentials } from "./credentials.ts";
import { dialEndpoint, type DialOptions } from "./dial.ts";
import { Endpoints } from "./endpoints.ts";
import { callWithFailover } from "./failover.ts";
import { decodeBase64 } from "../base64.ts";
import { authenticatorOf } from "./authentication.ts";
import type { CallOptions } from "./talos.ts";
import type { TalosOptions } from "./create_talos.ts";
import { prepareTls } from "./tls_handshake.ts";

/** One call on a target. */
export interface ClientCall {
  path: string;
  requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  /** Who is to answer; undefined: the endpoint itself. */
  node: string | undefined;
  options: CallOptions;
}

/** What makes the calls. */
export interface Client {
  /** The nodes that the context names. */
  readonly contextNodes: readonly string[];
  /** As a transport does. */
  call(call: ClientCall): AsyncIterable<readonly Uint8Array[]>;
  close(): void;
}

/** After a connection is 10 s without a sign of life it is asked for one, and given 5 s (spec/client.md, 3.7). */
const trackingKeepalive = { intervalMs: 10_000, timeoutMs: 5_000 };

/**
 * The client of the context in force.
 *
 * @throws {CliError} with the official text where configuration or credentials are of no use
 */
export async function createSecureClient(options: TalosOptions): Promise<Client> {
  const { config, env } = options;
  const { flags } = config;
  const opened = await withPrefix(
    `failed to open config file "${flags.talosconfig}"`,
    config.open(),
  );
  const { name, context, endpoints } = resolveContext(opened.config, flags);
  const failed = "failed to create client connection";
  const credentials = await withPrefix(failed, readCredentials(context));
  const connections = connect(options, endpoints, {
    handshake: await prepareTls({ credentials }),
    proxyUrl: context.proxyUrl,
    env,
    isOnlyEndpoint: endpoints.length === 1,
  });
  const cluster = options.cluster || context.cluster;
  const base = { runtime: "Talos", ...(cluster === "" ? {} : { context: cluster }) };
  const authenticate = await withPrefix(
    failed,
    authenticatorOf({ auth: context.auth, contextName: name, connections, options }),
  );
  return {
    contextNodes: context.nodes ?? [],
    call: ({ path, requests, node, options: { metadata, timeoutMs, signal } }) =>
      authenticate({
        path,
        requests,
        metadata: { ...base, ...(node === undefined ? {} : { node }), ...metadata },
        signal: either(options.signal, signal),
        deadline: deadlineIn(timeoutMs),
      }),
    close: () => connections.close(),
  };
}

/**
 * The client of one node in maintenance mode, dialled directly.
 *
 * @throws {CliError} for a fingerprint that is no base64
 */
export async function createMaintenanceClient(
  options: TalosOptions & { node: string; fingerprints: readonly string[] },
): Promise<Client> {
  const { fingerprints, env } = options;
  fingerprints.forEach(checkFingerprint);
  const connections = connect(options, [options.node], {
    handshake: await prepareTls({ fingerprints }),
    proxyUrl: "",
    env,
    isOnlyEndpoint: true,
  });
  return {
    contextNodes: [],
    call: ({ path, requests, options: { metadata, timeoutMs, signal } }) =>
      callWithFailover(connections, {
        path,
        requests,
        metadata: { runtime: "Talos", ...metadata },
        signal: either(options.signal, signal),
        deadline: deadlineIn(timeoutMs),
      }),
    close: () => connections.close(),
  };
}

function connect(
  { connectTimeoutMs, tracking, keepalive }: TalosOptions,
  endpoints: readonly string[],
  dial: DialOptions,
): Endpoints {
  return new Endpoints({
    endpoints,
    dial: (endpoint, timeoutMs, signal) =>
      dialEndpoint(endpoint, {
        ...dial,
        timeoutMs,
        keepalive: keepalive ?? (tracking ? trackingKeepalive : undefined),
      }, signal),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(tracking ? { backoffMs: 0 } : {}),
  });
}

function checkFingerprint(fingerprint: string): void {
  try {
    decodeBase64(fingerprint);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`error parsing certificate fingerprint "${fingerprint}": ${reason}`, {
      cause,
    });
  }
}

function either(own: AbortSignal, callers: AbortSignal | undefined): AbortSignal {
  return callers ? AbortSignal.any([own, callers]) : own;
}

function deadlineIn(timeoutMs: number | undefined): Date | undefined {
  return timeoutMs === undefined ? undefined : new Date(Date.now() + timeoutMs);
}
