/** One run's dealings with the outside: its talosconfig, its nodes, and a client that is loaded when it is used. */

import type { ClosableTalos } from "../core/client/create_talos.ts";
import type { CommandSpec, Context, TalosconfigAccess } from "../core/command.ts";
import type { FlagValue } from "../core/flags/values.ts";
import type { ParsedLine } from "../core/flags/parse.ts";
import { talosconfigAccess } from "../core/talosconfig/access.ts";
import type { Run } from "./run.ts";

/** What `ctx` takes from it. */
export interface Session extends Pick<Context, "nodes" | "talos" | "signal" | "config"> {
  /** Ends the connections, if there are any. */
  close(): Promise<void>;
}

/** What a session is opened for. */
export interface SessionOptions {
  command: Pick<CommandSpec, "path" | "targets">;
  signal: AbortSignal;
  /** The `.proto` files with services of the plugin's own. */
  protoFiles: readonly URL[];
  /** See `Command.tracking`. */
  tracking?: boolean;
}

/** Opens nothing yet: each part does when it is first used. */
export function openSession(run: Run, line: ParsedLine, options: SessionOptions): Session {
  const { signal, command, protoFiles, tracking = false } = options;
  const env = (name: string) => run.host.env(name);
  const config = configOf(run, line, signal);
  const clientOptions = {
    config,
    nodes: listOf(line.flags["nodes"]),
    cluster: textOf(line.flags["cluster"]),
    siderov1KeysDir: textOf(line.flags["siderov1KeysDir"]),
    ...(line.flags["insecure"] === true
      ? { insecure: { fingerprints: listOf(line.flags["certFingerprint"]) } }
      : {}),
    env,
    note: (text: string) => run.stderr.line(text),
    signal,
    protoFiles,
    tracking,
  };
  let opened: Promise<ClosableTalos> | undefined;
  const client = () => opened ??= loadClient(clientOptions);
  let nodes: Promise<readonly string[]> | undefined;
  return {
    config,
    signal,
    nodes: () => nodes ??= client().then((talos) => talos.resolveNodes(command)),
    talos: {
      service: async (name) => (await client()).service(name),
      ownService: async (name) => (await client()).ownService(name),
      node: (node) => ({
        service: async (name) => (await client()).node(node).service(name),
        ownService: async (name) => (await client()).node(node).ownService(name),
      }),
      nodes: (list) => ({
        service: async (name) => (await client()).nodes(list).service(name),
        ownService: async (name) => (await client()).nodes(list).ownService(name),
      }),
      maintenance: (node) => ({
        service: async (name) => (await client()).maintenance(node).service(name),
        ownService: async (name) => (await client()).maintenance(node).ownService(name),
      }),
    },
    close: async () => await (await opened)?.close(),
  };
}

/** The talosconfig that a command line means. */
export function configOf(run: Run, line: ParsedLine, signal?: AbortSignal): TalosconfigAccess {
  return talosconfigAccess({
    talosconfig: textOf(line.flags["talosconfig"]),
    context: textOf(line.flags["context"]),
    endpoints: listOf(line.flags["endpoints"]),
    env: (name) => run.host.env(name),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function loadClient(
  options: Parameters<typeof import("../core/client/create_talos.ts").createTalos>[0],
): Promise<ClosableTalos> {
  const { createTalos } = await import("../core/client/create_talos.ts");
  return createTalos(options);
}

function textOf(value: FlagValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function listOf(value: FlagValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
