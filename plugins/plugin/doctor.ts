/** `talosctl plugin doctor`: everything that keeps a plugin from working, and what helps. */

import type { Command, Context } from "../../core/command.ts";
import { CliError, hintOf } from "../../core/errors.ts";
import type { PluginGrant } from "../../core/plugin_grants.ts";
import { type InstalledPlugin, readInstallation } from "./installed.ts";
import { executables } from "./list.ts";

/** One thing that is wrong; `-o json` prints it as it is. */
interface Finding {
  /** The plugin or executable; empty where all are concerned. */
  name: string;
  problem: string;
  /** What helps. */
  help: string;
}

export const doctor: Command<Finding> = {
  path: ["plugin", "doctor"],
  summary: "Find what is wrong with plugins, and say what helps",
  description: `Looks at every installed plugin and at the executables on PATH that add commands.
The exit status is 1 when something is wrong. Approved plugins are started for it,
confined as ever; no other plugin is.`,
  example: "  talosctl plugin doctor",
  args: { rule: "none" },
  flags: {},
  targets: "none",
  layout: () => ({
    header: "first row",
    columns: [
      { header: "NAME", cell: ({ name }) => name },
      { header: "PROBLEM", cell: ({ problem }) => problem },
      { header: "WHAT HELPS", cell: ({ help }) => help },
    ],
  }),

  async *run({ env, host, note }) {
    let count = 0;
    for await (const finding of findings({ env, host })) {
      count++;
      yield finding;
    }
    if (count > 0) throw new CliError(`doctor: ${count} ${count === 1 ? "problem" : "problems"}`);
    note("doctor: no problems");
  },
};

async function* findings({ env, host }: Pick<Context, "env" | "host">): AsyncGenerator<Finding> {
  const { plugins, grantErrors } = await readInstallation(env);
  for (const error of grantErrors) {
    yield { name: "", problem: error.message, help: hintOf(error) ?? "" };
  }
  for (const plugin of plugins) yield* await findingsOf(plugin, host);
  for (const { name, path, shadowedBy } of await executables(env, host)) {
    if (shadowedBy === undefined) continue;
    const help = `rename ${path} to talosctl- and a free name`;
    yield { name, problem: `never run: "${shadowedBy}" is in its place`, help };
  }
}

async function findingsOf(
  { name, folder, state, problem = "", grant }: InstalledPlugin,
  host: Context["host"],
): Promise<Finding[]> {
  const remove = `talosctl plugin remove ${name}`;
  const update = `talosctl plugin update ${name}`;
  switch (state) {
    case "broken":
      return [{ name, problem, help: grant === undefined ? remove : `${update}, or ${remove}` }];
    case "missing":
      return [{ name, problem: "its folder is gone", help: `${update}, or ${remove}` }];
    case "not approved":
      return [{ name, problem: "it was never approved", help: `talosctl plugin add ${folder}` }];
    case "changed": {
      const help = `talosctl plugin add ${folder} to approve it as it is, or ${update}`;
      return [{ name, problem: "its files have changed since it was approved", help }];
    }
    case "approved":
      return grant === undefined ? [] : await findingsOfRun({ name, folder, grant }, host);
  }
}

/** What only its code tells. */
async function findingsOfRun(
  { name, folder, grant }: { name: string; folder: string; grant: PluginGrant },
  host: Context["host"],
): Promise<Finding[]> {
  try {
    const { warnings } = await host.inspectPlugin(folder, grant);
    const help = `one of the two has to go: talosctl plugin remove ${name}`;
    return warnings.map((problem) => ({ name, problem, help }));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{
      name,
      problem: error.message,
      help: `talosctl plugin update ${name}, or talosctl plugin remove ${name}`,
    }];
  }
}
