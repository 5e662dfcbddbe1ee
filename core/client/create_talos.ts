/** `createTalos()`: from the command line's connection flags to calls on nodes. Nothing is read or dialled before the first call. */

import { serviceLoaders } from "../../proto/gen/services.ts";
import type { TalosconfigAccess } from "../command.ts";
import { withPrefix } from "../error_prefix.ts";
import { CliError } from "../errors.ts";
import { type Client, createMaintenanceClient, createSecureClient } from "./client.ts";
import { createFanOutStub } from "./fan_out.ts";
import { checkNodes, type TargetedCommand } from "./nodes.ts";
import { createStub, type Invoke } from "./stub.ts";
import type { Talos, Target } from "./talos.ts";

/** What decides where calls go, and how. */
export interface TalosOptions {
  config: TalosconfigAccess;
  /** The values of `--nodes`. */
  nodes: readonly string[];
  /** The value of `--cluster`, or `""`. */
  cluster: string;
  /** The value of `--siderov1-keys-dir`, or `""`. */
  siderov1KeysDir: string;
  /** Maintenance mode: nodes are dialled directly, and the talosconfig is not read. */
  insecure?: { fingerprints: readonly string[] };
  env(name: string): string | undefined;
  /** A line for the user, on stderr. */
  note(line: string): void;
  /** Cancels every call. */
  signal: AbortSignal;
  /** Until then a connection is made or has failed. Default 20 s. */
  connectTimeoutMs?: number;
  /** For commands that expect nodes to vanish: pings that find a silent one, and no pause after a failure. */
  tracking?: boolean;
  /** How a silent connection is found. Default: with `tracking` after 10 s, which gives it 5 s more; else not at all. */
  keepalive?: { intervalMs: number; timeoutMs: number };
  /** The `.proto` files with services of the plugin's own. */
  protoFiles?: readonly URL[];
}

/** The client registry with its end, and the node list it works with. */
export interface ClosableTalos extends Talos, AsyncDisposable {
  /**
   * The nodes to ask: `--nodes`, else those of the context.
   *
   * @throws {CliError} where the command's needs are not met, or the context cannot be used
   */
  resolveNodes(command: TargetedCommand): Promise<readonly string[]>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** Makes the client registry of one run. */
export function createTalos(options: TalosOptions): ClosableTalos {
  const life = new AbortController();
  const signal = AbortSignal.any([options.signal, life.signal]);
  const clients = clientsOf({ ...options, signal });

  const invokeOn = (node: string | undefined): Invoke =>
    async function* (path, requests, callOptions) {
      const client = node === undefined ? await clients.shared() : await clients.ofNode(node);
      yield* client.call({ path, requests, node, options: callOptions });
    };
  const close = async () => {
    life.abort();
    await clients.close();
  };

  const ownDefinition = async (name: string) => {
    const { loadPluginService } = await import("./plugin_services.ts");
    return await loadPluginService(name, options.protoFiles ?? []);
  };
  const target = (invoke: Invoke): Target => ({
    service: async (name) => createStub(await serviceLoaders[name](), invoke),
    ownService: async (name) => createStub(await ownDefinition(name), invoke),
  });
  const targetOf = (node: string | undefined) => target(invokeOn(node));
  const invokeDirectly = (node: string): Invoke =>
    async function* (path, requests, callOptions) {
      const client = await clients.direct(node, []);
      yield* client.call({ path, requests, node, options: callOptions });
    };

  return {
    ...targetOf(undefined),
    node: targetOf,
    nodes: (nodes) => ({
      service: async (name) => createFanOutStub(await serviceLoaders[name](), nodes, invokeOn),
      ownService: async (name) => createFanOutStub(await ownDefinition(name), nodes, invokeOn),
    }),
    maintenance: (node) => target(invokeDirectly(node)),
    resolveNodes: async (command) => {
      const nodes = options.nodes.length > 0 || options.insecure
        ? options.nodes
        : (await clients.shared()).contextNodes;
      checkNodes(command, nodes);
      return nodes;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One client for all nodes; in maintenance mode one for each. */
function clientsOf(options: TalosOptions) {
  let shared: Promise<Client> | undefined;
  const direct = new Map<string, Promise<Client>>();
  const { insecure } = options;

  const openShared = () => shared ??= createSecureClient(options);
  const openDirect = (node: string, fingerprints: readonly string[]) => {
    const client = direct.get(node) ?? createMaintenanceClient({ ...options, node, fingerprints });
    direct.set(node, client);
    return client;
  };
  return {
    shared: async () => {
      if (!insecure) return await openShared();
      throw new CliError("random endpoint client can't be used in insecure mode");
    },
    ofNode: async (node: string) =>
      insecure
        ? await withPrefix(
          `error constructing maintenance mode client for node "${node}"`,
          openDirect(node, insecure.fingerprints),
        )
        : await withPrefix("error constructing client", openShared()),
    direct: openDirect,
    close: async () => {
      const all = await Promise.allSettled([...shared ? [shared] : [], ...direct.values()]);
      for (const client of all) if (client.status === "fulfilled") client.value.close();
    },
  };
}
