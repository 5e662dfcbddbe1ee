/** Help texts and usage blocks, in the official client's layout (spec/cli.md, 7). */

import type { Flag, FlagType } from "../core/command.ts";
import {
  childrenOf,
  type CommandFlag,
  type CommandIndex,
  commandName,
  commandPath,
  flagsFor,
  type IndexedCommand,
  isHelpCommand,
  isVisible,
  rootCommand,
} from "../core/command_index.ts";
import { fillPlaceholders, type Placeholders } from "../core/flags/values.ts";
import { goQuote } from "../core/output/go_quote.ts";
import { flagTable } from "./flag_table.ts";
import { resolve } from "./resolve.ts";

/** The sections of the root, in order; commands without a group come last. */
const rootSections = [
  { group: "talos", title: "Commands that ask nodes:" },
  { group: "mgmt", title: "Commands that work offline:" },
  { group: "cluster", title: "Clusters on this computer:" },
  { group: undefined, title: "Additional Commands:" },
] as const;

/** No column of command names is narrower. */
const leastNameWidth = 11;

/** The description of a command, then its usage block. */
export function helpText(
  index: CommandIndex,
  command: IndexedCommand,
  placeholders: Placeholders,
  options: { width?: number | undefined } = {},
): string {
  const description = (command.description ?? command.summary).trimEnd();
  return `${description}\n\n${usageBlock(index, command, placeholders, options)}`;
}

/**
 * How to use a command: what help prints, and errors of usage after their text.
 *
 * @param options.withoutFlags Leaves out the command's own flags, as for unknown commands.
 * @param options.width Of the terminal; without one no line is broken.
 */
export function usageBlock(
  index: CommandIndex,
  command: IndexedCommand,
  placeholders: Placeholders,
  options: { withoutFlags?: boolean; width?: number | undefined } = {},
): string {
  const path = commandPath(command);
  const sections = childSections(index, command);
  const hasChildren = sections.length > 0;
  const flags = flagsFor(index, command).filter(({ flag }) => !isHidden(flag));
  const own = options.withoutFlags ? [] : flags.filter(({ isInherited }) => !isInherited);
  const inherited = flags.filter(({ isInherited }) => isInherited);
  const { aliases = [], example } = command;

  const parts = [
    [
      "Usage:",
      ...(command.runnable === false ? [] : [`  ${usageLine(command)}`]),
      ...(hasChildren ? [`  ${path} [command]`] : []),
    ],
    aliases.length > 0 && ["Aliases:", `  ${[commandName(command), ...aliases].join(", ")}`],
    example !== undefined && ["Examples:", example],
    ...sections,
    own.length > 0 && ["Flags:", ...flagLines(own, placeholders, options.width)],
    inherited.length > 0 && ["Global Flags:", ...flagLines(inherited, placeholders, options.width)],
    hasChildren && [`Use "${path} [command] --help" for more information about a command.`],
  ];
  return parts.filter((part) => part !== false).map((part) => part.join("\n")).join("\n\n") + "\n";
}

/** What `talosctl help <words>` prints: the help of the command they name, or that there is none. */
export function helpTopic(
  index: CommandIndex,
  words: readonly string[],
  placeholders: Placeholders,
  options: { width?: number | undefined } = {},
): { stdout: string; stderr: string } {
  const { command, unknown } = resolve(index, words);
  if (unknown === undefined) {
    return { stdout: helpText(index, command, placeholders, options), stderr: "" };
  }
  const topic = words.map(quoteTopic).join(" ");
  const usage = usageBlock(index, rootCommand, placeholders, { withoutFlags: true });
  return { stdout: "", stderr: `Unknown help topic [${topic}]\n${usage}` };
}

/** Whether help and completion pass over a flag. */
export function isHidden(flag: Flag): boolean {
  return (flag.hidden ?? false) || flag.deprecated !== undefined;
}

/** The names and summaries help shows below a command, sorted; with `help` at the root. */
export function listedChildren(index: CommandIndex, command: IndexedCommand): IndexedCommand[] {
  return childrenOf(index, command)
    .filter((child) => isHelpCommand(child) || isVisible(index, child))
    .sort((a, b) => commandName(a) < commandName(b) ? -1 : 1);
}

function usageLine(command: IndexedCommand): string {
  const line = [commandPath(command), command.usage].filter(Boolean).join(" ");
  return command.flagsNotInUsage || line.includes("[flags]") ? line : `${line} [flags]`;
}

/** Lists of lines, each with its title; hidden children still widen the column. */
function childSections(index: CommandIndex, command: IndexedCommand): string[][] {
  const listed = listedChildren(index, command);
  const widths = childrenOf(index, command).map((child) => commandName(child).length);
  const width = Math.max(leastNameWidth, ...widths);
  const lineOf = (child: IndexedCommand) =>
    `  ${commandName(child).padEnd(width)} ${child.summary}`;

  const sections = command === rootCommand
    ? rootSections.map(({ group, title }) => ({
      title,
      children: listed.filter((child) => child.group === group),
    }))
    : [{ title: "Available Commands:", children: listed }];
  return sections.filter(({ children }) => children.length > 0)
    .map(({ title, children }) => [title, ...children.map(lineOf)]);
}

function flagLines(
  flags: readonly CommandFlag[],
  placeholders: Placeholders,
  width: number | undefined,
): string[] {
  const rows = flags.toSorted((a, b) => a.name < b.name ? -1 : 1).map(({ name, flag }) => {
    const names = flag.short === undefined ? `      --${name}` : `  -${flag.short}, --${name}`;
    const word = flag.typeName ?? typeWord(flag.type);
    return {
      left: word === "" ? names : `${names} ${word}`,
      right: flag.help + defaultNote(flag, placeholders),
    };
  });
  return flagTable(rows, width);
}

/** The word for a value of a type, where the flag has none of its own. */
function typeWord(type: FlagType): string {
  const words: Partial<Record<FlagType, string>> = {
    bool: "",
    int64: "int",
    enum: "string",
    ips: "ipSlice",
    bytesize: "string(mb,gb)",
    base64: "bytesBase64",
    agent: "true",
  };
  return words[type] ?? type;
}

function defaultNote(flag: Flag, placeholders: Placeholders): string {
  const given = flag.default;
  if (given === undefined || given === false || given === 0 || given === "") return "";
  if (given === "0" || given === "0s") return "";
  if (typeof given === "object") {
    const list = given.map((text) => fillPlaceholders(text, placeholders)).join(",");
    return given.length === 0 ? "" : ` (default [${list}])`;
  }
  const text = fillPlaceholders(String(given), placeholders);
  const isQuoted = flag.type === "string" || (flag.type === "enum" && flag.typeName === undefined);
  return ` (default ${isQuoted ? goQuote(text) : text})`;
}

/** In backquotes, or as Go quotes it where these cannot hold it. */
function quoteTopic(word: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return /[`\x00-\x08\x0a-\x1f\x7f\ufeff]/.test(word) ? goQuote(word) : `\`${word}\``;
}
