/** `talosctl-NAME` executables on PATH: unknown commands are theirs, as with git and kubectl. */

import { connectionFlags, longName } from "../core/command_index.ts";
import { CliError } from "../core/errors.ts";
import { findExecutable } from "../core/external_executables.ts";
import { parseFlags } from "../core/flags/parse.ts";
import type { Host } from "./host.ts";
import type { Run } from "./run.ts";

/** The path of the executable for a command word; undefined when PATH has none. */
export function findExternal(host: Host, word: string): Promise<string | undefined> {
  return findExecutable((name) => host.env(name), word);
}

/**
 * Runs it on this terminal; its exit status.
 *
 * @param before The words before its name: connection flags, told to it in the environment.
 * @param words The words behind its name, passed on as they are.
 */
export async function runExternal(
  run: Run,
  path: string,
  before: readonly string[],
  words: readonly string[],
): Promise<number> {
  const env = await externalEnvironment(run, before);
  try {
    return await run.host.runForeground([path, ...words], env);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`running ${path}: ${reason}`, {
      cause,
      hint: "a script needs a first line such as #!/bin/sh",
    });
  }
}

/**
 * What it is told: talosconfig, context, cluster, endpoints and nodes. What is not given and not in the talosconfig is
 * not set.
 */
export async function externalEnvironment(
  run: Run,
  before: readonly string[],
): Promise<Record<string, string>> {
  const known = Object.entries(connectionFlags).map(([key, flag]) => (
    { key, name: longName(key), flag, isInherited: false }
  ));
  const line = parseFlags(before, known, run.placeholders);
  const { talosconfig, context, cluster, endpoints, nodes, siderov1KeysDir } = line.flags;
  const chosen = await chosenContext(run, String(talosconfig), String(context));
  const env: Record<string, string> = {
    TALOSCONFIG: chosen.path,
    TALOSCTL_CONTEXT: chosen.name,
    TALOSCTL_CLUSTER: String(cluster) || chosen.context?.cluster || "",
    TALOSCTL_ENDPOINTS: listOf(endpoints, chosen.context?.endpoints),
    TALOSCTL_NODES: listOf(nodes, chosen.context?.nodes),
    // The variable wins over the flag.
    SIDEROV1_KEYS_DIR: run.host.env("SIDEROV1_KEYS_DIR") || String(siderov1KeysDir),
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

async function chosenContext(run: Run, talosconfig: string, context: string) {
  const { findTalosconfig } = await import("../core/talosconfig/lookup.ts");
  const { readTalosconfig } = await import("../core/talosconfig/file.ts");
  const { path } = await findTalosconfig({ flag: talosconfig, env: (name) => run.host.env(name) });
  const config = await readTalosconfig(path);
  const name = context || config?.context || "";
  return { path, name, context: config?.contexts.get(name) };
}

function listOf(given: unknown, fallback: readonly string[] | undefined): string {
  const list = Array.isArray(given) && given.length > 0 ? given : fallback ?? [];
  return list.join(",");
}
