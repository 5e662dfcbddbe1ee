/** The official command tree as an index, with placeholder texts: what the frame's tests ask their questions of. */

import type { CommandSpec, Flag, Flags } from "../core/command.ts";
import type { CommandIndex } from "../core/command_index.ts";
import type { Placeholders } from "../core/flags/values.ts";
import data from "./golden/commands.json" with { type: "json" };

/** A flag in `tests/golden/commands.json`; the keys are explained in spec/cli.md, 14. */
export interface GoldenFlag {
  name: string;
  short: string | null;
  type: Flag["type"];
  typeName: string | null;
  default: boolean | number | string | (number | string)[];
  defaultText?: string;
  defaultQuoted?: boolean;
  persistent: boolean;
  hidden: boolean;
  deprecated: string | null;
  required?: boolean;
  enumValues?: string[];
  enumCaseSensitive?: boolean;
  enumError?: string;
  completion?: { kind: string; values?: string[] };
}

/** A command in `tests/golden/commands.json`. */
export interface GoldenCommand {
  path: string[];
  aliases: string[];
  usage: string;
  flagsInUsage: boolean;
  usageLine: string;
  group: Exclude<CommandSpec["group"], undefined> | null;
  runnable: boolean;
  hidden: boolean;
  deprecatedError?: string;
  args: { rule: CommandSpec["args"]["rule"]; min: number; max: number | null };
  argCompletion: { positions: string[]; rest: string };
  childrenRegistrationOrder?: string[];
  flags: GoldenFlag[];
  inheritedFlags: string[] | GoldenFlag[];
  connectionFlags: string[];
  mutuallyExclusive: string[][];
}

/** All commands of the file, the root first. */
export const goldenCommands = data.commands as unknown as GoldenCommand[];

/** The six connection flags of the file. */
export const goldenConnectionFlags = data.connectionFlags as unknown as GoldenFlag[];

/** Placeholders as they are where the file was recorded, for a user whose home is `/home/u`. */
export const testPlaceholders: Placeholders = (name) =>
  ({
    talosVersion: "v1.14.0-beta.1",
    talosTag: "v1.14.0-beta.1",
    talosDir: "/home/u/.talos",
    hostArch: "amd64",
  })[name];

/** The tree as plugins would have registered it; each summary is the word `about` and the command's words. */
export function commandTree(): CommandIndex {
  const order = goldenCommands[0]?.childrenRegistrationOrder ?? [];
  const rank = ({ path: [first = ""] }: GoldenCommand) =>
    order.includes(first) ? order.indexOf(first) : order.length;
  const commands = goldenCommands.filter(({ path }) => path.length > 0)
    .toSorted((a, b) => rank(a) - rank(b))
    .map((command) => ({ ...specOf(command), plugin: "test" }));
  return { commands, completers: {}, provisioners: [] };
}

function specOf(command: GoldenCommand): CommandSpec {
  const { path, aliases, usage, flagsInUsage, group, runnable, hidden, args } = command;
  return {
    path,
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(usage === "" ? {} : { usage }),
    ...(flagsInUsage ? {} : { flagsNotInUsage: true }),
    summary: `about ${path.join(" ")}`,
    ...(group === null ? {} : { group }),
    hidden,
    ...(command.deprecatedError ? { deprecatedError: command.deprecatedError } : {}),
    args: {
      rule: args.rule,
      min: args.min,
      ...(args.max === null ? {} : { max: args.max }),
      completion: command.argCompletion,
    },
    flags: flagsOf(command.flags),
    exclusive: command.mutuallyExclusive,
    targets: "none",
    runnable,
  };
}

function flagsOf(flags: readonly GoldenFlag[]): Flags {
  const own = flags.filter(({ name }) => name !== "help");
  return Object.fromEntries(own.map((flag) => [camelCase(flag.name), flagOf(flag)]));
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function flagOf(flag: GoldenFlag): Flag {
  const usual = flag.type === "enum" ? "string" : flag.type;
  const { completion } = flag;
  return {
    type: flag.type,
    ...(flag.short === null ? {} : { short: flag.short }),
    help: `about ${flag.name}`,
    default: Array.isArray(flag.default) ? flag.default.map(String) : flag.default,
    ...(flag.typeName === null || flag.typeName === usual ? {} : { typeName: flag.typeName }),
    persistent: flag.persistent,
    hidden: flag.hidden,
    ...(flag.deprecated === null ? {} : { deprecated: flag.deprecated }),
    ...(flag.required ? { required: true } : {}),
    ...(flag.enumValues === undefined ? {} : { values: flag.enumValues }),
    ...(flag.enumError === undefined ? {} : { valuesError: flag.enumError }),
    ...(flag.enumCaseSensitive ? { caseSensitive: true } : {}),
    ...(completion === undefined ? {} : { completion: completion.kind }),
    ...(completion?.values === undefined ? {} : { completionValues: completion.values }),
  };
}
