/** `talosctl-NAME` executables on PATH: unknown commands are theirs, as with git and kubectl. */

import type { Host } from "./host.ts";

/** What such an executable is told, resolved from flags and talosconfig; absent values are not set. */
export interface ExternalContext {
  talosconfig?: string;
  context?: string;
  cluster?: string;
  endpoints: readonly string[];
  nodes: readonly string[];
}

const prefix = "talosctl-";

/** The path of the executable for a command word; undefined when PATH has none. */
export async function findExternal(host: Host, word: string): Promise<string | undefined> {
  if (!/^[a-zA-Z0-9][\w.-]*$/.test(word)) return undefined;
  const isWindows = Deno.build.os === "windows";
  const endings = isWindows ? (host.env("PATHEXT") ?? ".EXE;.CMD;.BAT").split(";") : [""];
  for (const folder of (host.env("PATH") ?? "").split(isWindows ? ";" : ":")) {
    if (folder === "") continue;
    for (const ending of endings) {
      const path = `${folder}/${prefix}${word}${ending}`;
      if (await isExecutable(path, isWindows)) return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string, isWindows: boolean): Promise<boolean> {
  try {
    const info = await Deno.stat(path);
    return info.isFile && (isWindows || ((info.mode ?? 0) & 0o111) !== 0);
  } catch {
    return false; // absent or out of reach: the search goes on
  }
}

/** Runs it on this terminal with the words behind its name; its exit status. */
export function runExternal(
  host: Host,
  path: string,
  words: readonly string[],
  context: ExternalContext,
): Promise<number> {
  const env: Record<string, string> = {
    TALOSCTL_ENDPOINTS: context.endpoints.join(","),
    TALOSCTL_NODES: context.nodes.join(","),
  };
  if (context.talosconfig !== undefined) env["TALOSCONFIG"] = context.talosconfig;
  if (context.context !== undefined) env["TALOSCTL_CONTEXT"] = context.context;
  if (context.cluster !== undefined) env["TALOSCTL_CLUSTER"] = context.cluster;
  return host.runForeground([path, ...words], env);
}
