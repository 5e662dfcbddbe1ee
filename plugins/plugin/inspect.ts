/** `talosctl plugin inspect`: all that is known of one plugin: what it asks for, what it was given, what it adds. */

import type { Command, CommandSpec } from "../../core/command.ts";
import type { PluginRights } from "../../core/plugin_manifest.ts";
import { findInstalled } from "./installed.ts";
import { changedRightsLines, rightsLines } from "./rights_text.ts";

/** One plugin; `-o json` prints it as it is. */
interface PluginDetails {
  name: string;
  version?: string;
  description?: string;
  folder: string;
  state: string;
  /** What is wrong with it. */
  problem?: string;
  /** What its manifest asks for. */
  asksFor?: PluginRights;
  /** What was approved, of which content, and when. */
  grant?: PluginRights & { source: string; sha256: string; approvedAt: string };
  /** Known of an approved one only: the others are not run for it. */
  commands?: readonly { command: string; summary: string }[];
}

export const inspect: Command<PluginDetails> = {
  path: ["plugin", "inspect"],
  usage: "<name>",
  summary: "Show what a plugin asks for, what it was given and what it adds",
  description: `Shows manifest, approval and commands of an installed plugin. One that is not
approved, or has changed since, is not run for this, so its commands are not shown.`,
  example: `  talosctl plugin inspect my-plugin
  talosctl plugin inspect my-plugin -o jsonpath={.grant.rpcs}`,
  args: { rule: "exact", min: 1, max: 1, completion: { positions: ["plugin"], rest: "noFile" } },
  flags: {},
  targets: "none",
  text: textOf,

  async run({ args: [name = ""], env, host }) {
    const { folder, state, problem, manifest, grant } = await findInstalled(name, env);
    const inspected = state === "approved" && grant !== undefined
      ? await host.inspectPlugin(folder, grant)
      : undefined;
    return {
      name,
      ...(manifest?.version === undefined ? {} : { version: manifest.version }),
      ...(manifest?.description === undefined ? {} : { description: manifest.description }),
      folder,
      state,
      ...(problem === undefined ? {} : { problem }),
      ...(manifest === undefined
        ? {}
        : { asksFor: { permissions: manifest.permissions, rpcs: manifest.rpcs } }),
      ...(grant === undefined ? {} : { grant }),
      ...(inspected === undefined ? {} : { commands: shown(inspected.commands) }),
    };
  },
};

function shown(commands: readonly CommandSpec[]): { command: string; summary: string }[] {
  return commands.filter(({ runnable }) => runnable !== false)
    .map(({ path, summary }) => ({ command: path.join(" "), summary }));
}

function textOf(details: PluginDetails): string {
  const { name, version, description, folder, state, problem, asksFor, grant, commands } = details;
  const lines = [
    line("Name", name),
    line("Version", version),
    line("Description", description),
    line("Folder", folder),
    line("State", problem === undefined ? state : `${state}: ${problem}`),
    line("Source", grant?.source),
    line("Approved at", grant?.approvedAt),
    line("SHA-256", grant?.sha256),
    ...section("It may", grant === undefined ? [] : rightsLines(grant)),
    ...section(
      grant === undefined ? "It asks for" : "It asks for more (+) or less (-)",
      asksFor === undefined
        ? []
        : grant === undefined
        ? rightsLines(asksFor)
        : changedRightsLines(grant, asksFor),
    ),
    ...section(
      "Commands",
      (commands ?? []).map(({ command, summary }) => `talosctl ${command}: ${summary}`),
    ),
  ];
  return lines.join("");
}

function line(label: string, value: string | undefined): string {
  return value === undefined ? "" : `${`${label}:`.padEnd(14)}${value}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:\n`, ...lines.map((each) => `  ${each}\n`)];
}
