/** A client for other programs: a context of a talosconfig, or endpoints and credentials given as data. */

import { CliError } from "../errors.ts";
import { readTalosconfig } from "../talosconfig/file.ts";
import { findTalosconfig } from "../talosconfig/lookup.ts";
import {
  emptyTalosconfig,
  emptyTalosconfigContext,
  type Talosconfig,
} from "../talosconfig/talosconfig.ts";
import { createTalos } from "./create_talos.ts";
import type { Talos } from "./talos.ts";

/** Where to connect, and as whom; everything has a default. */
export interface ConnectOptions {
  /** A path, or the configuration itself. Default: the file that `talosctl` would use. Not with `credentials`. */
  talosconfig?: string | Talosconfig;
  /** The name of a context. Default: the current one. Not with `credentials`. */
  context?: string;
  /** `host` or `host:port`, in the place of the context's. */
  endpoints?: readonly string[];
  /** PEM texts, in the place of a talosconfig; with `endpoints`. */
  credentials?: ClientCredentials;
  /** The name of the cluster behind an endpoint that serves several. */
  cluster?: string;
  /** Cancels every call. */
  signal?: AbortSignal;
  /** Until then a connection is made or has failed. Default 20,000. */
  connectTimeoutMs?: number;
  /** The `.proto` files of services for `ownService`. */
  protoFiles?: readonly URL[];
  /** Lines for the user, such as how to sign in. Default: they are dropped. */
  note?: (line: string) => void;
}

/** PEM texts that a TLS session is made with. */
export interface ClientCredentials {
  /** The certificates of the authorities that are trusted. */
  ca: string;
  /** The client certificate. */
  certificate: string;
  /** The key of that certificate. */
  key: string;
}

/** A client, to be disposed of. */
export interface Connection extends Talos, AsyncDisposable {
  /** The nodes that the context names. */
  contextNodes(): Promise<readonly string[]>;
  /** Ends every connection and call at once. */
  close(): Promise<void>;
}

/** Reads an environment variable. */
export type Environment = (name: string) => string | undefined;

/** Makes a client; the first call reads the configuration and connects. */
export function openConnection(options: ConnectOptions, env: Environment): Connection {
  const { endpoints = [], note = () => {}, signal, connectTimeoutMs, protoFiles } = options;
  const talos = createTalos({
    config: {
      flags: {
        talosconfig: typeof options.talosconfig === "string" ? options.talosconfig : "",
        context: options.context ?? "",
        endpoints,
      },
      open: async () => await configurationOf(options, env),
      openPath: (path) => readFile(path),
      edit: () =>
        Promise.reject(new CliError("editing the talosconfig: this client only reads it")),
    },
    nodes: [],
    cluster: options.cluster ?? "",
    siderov1KeysDir: "",
    env,
    note,
    signal: signal ?? new AbortController().signal,
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(protoFiles === undefined ? {} : { protoFiles }),
  });
  const { service, ownService, node, nodes, maintenance, close } = talos;
  return {
    service,
    ownService,
    node,
    nodes,
    maintenance,
    contextNodes: () => talos.resolveNodes({ path: [], targets: "none" }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Reads a talosconfig.
 *
 * @param path Default: the file that `talosctl` would use.
 * @throws {CliError} When it does not exist, cannot be read or is broken.
 */
export async function loadTalosconfigFile(
  path: string | undefined,
  env: Environment,
): Promise<Talosconfig> {
  return (await readFile(path ?? (await findTalosconfig({ flag: "", env })).path)).config;
}

async function readFile(path: string): Promise<{ path: string; config: Talosconfig }> {
  const config = await readTalosconfig(path);
  if (config !== undefined) return { path, config };
  throw new CliError(`reading talosconfig "${path}": there is no such file`, {
    hint: "name another one, or set TALOSCONFIG",
  });
}

async function configurationOf(
  { talosconfig, context, endpoints, credentials }: ConnectOptions,
  env: Environment,
): Promise<{ path: string; config: Talosconfig }> {
  if (credentials !== undefined) {
    if (talosconfig !== undefined || context !== undefined || endpoints === undefined) {
      throw new CliError("connecting: credentials go with endpoints, and without a talosconfig");
    }
    return { path: "", config: configurationFrom(credentials) };
  }
  if (typeof talosconfig === "object") return { path: "", config: talosconfig };
  return await readFile(talosconfig ?? (await findTalosconfig({ flag: "", env })).path);
}

/** The endpoints follow as those of the command line do. */
function configurationFrom({ ca, certificate, key }: ClientCredentials): Talosconfig {
  const context = {
    ...emptyTalosconfigContext(),
    ca: btoa(ca),
    crt: btoa(certificate),
    key: btoa(key),
  };
  return { ...emptyTalosconfig(), context: "given", contexts: new Map([["given", context]]) };
}
