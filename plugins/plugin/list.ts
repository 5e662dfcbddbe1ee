/** `talosctl plugin list`: what third parties add, plugins and executables on PATH, and whether it can be used. */

import type { Command, PluginHost } from "../../core/command.ts";
import { listExecutables } from "../../core/external_executables.ts";
import { joinFailures } from "../../core/join_failures.ts";
import { readInstallation } from "./installed.ts";

/** A plugin or an executable; `-o json` prints it as it is. */
interface ListedPlugin {
  name: string;
  kind: "plugin" | "executable";
  version?: string;
  /** A plugin's: approved, not approved, changed, broken, missing; an executable's: ready, shadowed. */
  state: string;
  /** Where a plugin was got from. */
  source?: string;
  path: string;
  /** What is run in the place of a shadowed executable. */
  shadowedBy?: string;
}

export const list: Command<ListedPlugin> = {
  path: ["plugin", "list"],
  aliases: ["ls"],
  summary: "List plugins, and the executables on PATH that add commands",
  example: `  talosctl plugin list
  talosctl plugin list -o jsonpath={.path}`,
  args: { rule: "none" },
  flags: {},
  targets: "none",
  columns: [
    { header: "NAME", cell: ({ name }) => name },
    { header: "KIND", cell: ({ kind }) => kind },
    { header: "VERSION", cell: ({ version = "" }) => version },
    {
      header: "STATE",
      cell: ({ state, shadowedBy }) =>
        shadowedBy === undefined ? state : `${state} by ${shadowedBy}`,
    },
    { header: "SOURCE", cell: ({ source, path }) => source ?? path },
  ],

  async *run({ env, host }) {
    const { plugins, grantErrors } = await readInstallation(env);
    for (const { name, state, folder, manifest, grant } of plugins) {
      yield {
        name,
        kind: "plugin",
        ...(manifest?.version === undefined ? {} : { version: manifest.version }),
        state,
        ...(grant === undefined ? {} : { source: grant.source }),
        path: folder,
      };
    }
    yield* await executables(env, host);
    if (grantErrors.length > 0) throw joinFailures(grantErrors);
  },
};

/** Executables with what is run in their place: commands of the program and of plugins first, then PATH decides. */
export async function executables(
  env: (name: string) => string | undefined,
  host: Pick<PluginHost, "commandCalled">,
): Promise<ListedPlugin[]> {
  const first = new Map<string, string>();
  return (await listExecutables(env)).map(({ name, path }) => {
    const command = host.commandCalled(name);
    const shadowedBy = command === undefined ? first.get(name) : `talosctl ${command.join(" ")}`;
    if (!first.has(name)) first.set(name, path);
    const listed = { name, kind: "executable", path } as const;
    return shadowedBy === undefined
      ? { ...listed, state: "ready" }
      : { ...listed, state: "shadowed", shadowedBy };
  });
}
