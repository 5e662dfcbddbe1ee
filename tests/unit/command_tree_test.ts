/** The index against the official command tree: names, flags, defaults, argument rules, to the letter. */

import assert from "node:assert/strict";
import type { IndexedCommand } from "../../core/command_index.ts";
import { parseIndex } from "../../core/stored_index.ts";
import { commandAt, flagsFor } from "../../core/command_index.ts";

interface OfficialFlag {
  name: string;
  short: string | null;
  type: string;
  default: unknown;
  persistent: boolean;
  hidden: boolean;
  deprecated: string | null;
  required?: boolean;
  enumValues?: string[];
}

interface OfficialCommand {
  path: string[];
  aliases: string[];
  usage: string;
  group: string | null;
  runnable: boolean;
  hidden: boolean;
  deprecatedError?: string;
  args: { rule: string; min: number; max: number | null };
  argCompletion: { positions: string[]; rest: string };
  flags: OfficialFlag[];
  mutuallyExclusive: string[][];
  connectionFlags: string[];
}

const official: { commands: OfficialCommand[] } = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/commands.json", import.meta.url)),
);
const index = parseIndex(
  Deno.readTextFileSync(new URL("../../cli/index.jsonl", import.meta.url)),
);

/** What both sides are compared by, in one spelling. */
function officialShape(command: OfficialCommand) {
  return {
    aliases: command.aliases,
    usage: command.usage,
    group: command.group,
    runnable: command.runnable,
    hidden: command.hidden,
    deprecatedError: command.deprecatedError,
    rule: command.args.rule,
    completion: command.argCompletion,
    exclusive: command.mutuallyExclusive,
    flags: command.flags.filter(({ name }) => name !== "help").map((flag) => ({
      name: flag.name,
      short: flag.short,
      type: flag.type,
      default: plain(flag.default),
      persistent: flag.persistent,
      hidden: flag.hidden,
      deprecated: flag.deprecated,
      required: flag.required ?? false,
      values: flag.enumValues,
    })).sort(byName),
  };
}

/** Our own additions: flags and the like that the official client does not have. */
const additions: Record<string, string[]> = {
  "config merge": ["overwrite"],
  "inspect dependencies": ["svg"],
  "apply-config": ["yes"],
  "etcd leave": ["yes"],
  "etcd remove-member": ["yes"],
  "reboot": ["yes"],
  "reset": ["yes"],
  "shutdown": ["yes"],
  "upgrade": ["yes"],
  "wipe disk": ["yes"],
  "wipe lv": ["yes"],
  "wipe md": ["yes"],
  "wipe pv": ["yes"],
  "wipe vg": ["yes"],
};

function indexShape(command: IndexedCommand) {
  const name = command.path.join(" ");
  const own = flagsFor(index, command).filter((flag) => !flag.isInherited);
  const isConnection = (key: string) => command.flags[key] === undefined;
  return {
    aliases: command.aliases ?? [],
    usage: command.usage ?? "",
    group: command.group ?? null,
    runnable: command.runnable ?? true,
    hidden: command.hidden ?? false,
    deprecatedError: command.deprecatedError,
    rule: command.args.rule,
    completion: command.args.completion ?? { positions: [], rest: "none" },
    exclusive: command.exclusive ?? [],
    flags: own.filter(({ key, name: long }) =>
      !isConnection(key) && !additions[name]?.includes(long)
    ).map(({ name, flag }) => ({
      name,
      short: flag.short ?? null,
      type: flag.type,
      default: plain(flag.default),
      persistent: flag.persistent ?? false,
      hidden: flag.hidden ?? false,
      deprecated: flag.deprecated ?? null,
      required: flag.required ?? false,
      values: flag.values,
    })).sort(byName),
  };
}

/** Zero values are left out here and written out there. */
function plain(value: unknown): unknown {
  if (value === undefined || value === false || value === 0 || value === "") return null;
  if (value === "0s" || value === null || (Array.isArray(value) && value.length === 0)) return null;
  return Array.isArray(value) ? value.map(String) : String(value);
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

for (const command of official.commands) {
  if (command.path.length === 0) continue;
  const name = command.path.join(" ");
  Deno.test(`the command "${name}" is declared as in the official client`, () => {
    const ours = commandAt(index, command.path);

    assert.ok(ours, "it is in the index");
    assert.deepEqual(indexShape(ours), officialShape(command));
  });
}
