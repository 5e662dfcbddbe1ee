/**
 * The index as a file. Its first line holds what finding a command and listing commands need; then each top-level
 * command has a line with the rest. A start reads the first line and one more: a third of the time of all.
 */

import type { CommandSpec } from "./command.ts";
import type { CommandIndex, IndexedCommand } from "./command_index.ts";

/** What the first line says of a command. */
type Head = Pick<
  IndexedCommand,
  "path" | "aliases" | "summary" | "group" | "hidden" | "runnable" | "plugin"
>;

/** What stands in the line of its top-level command. */
type Details = Omit<IndexedCommand, keyof Head>;

const headKeys = ["path", "aliases", "summary", "group", "hidden", "runnable", "plugin"];

/** The index as text; {@linkcode parseIndex} reads it. */
export function formatIndex({ commands, ...rest }: CommandIndex): string {
  const heads = commands.map((command) => split(command).head);
  const groups = topLevelWords(commands).map((word) => {
    const ofGroup = commands.filter(({ path }) => path[0] === word);
    const details = ofGroup.map((command) => [nameOf(command), split(command).details]);
    return Object.fromEntries(details);
  });
  const lines = [{ commands: heads, ...rest }, ...groups];
  return lines.map((line) => JSON.stringify(line) + "\n").join("");
}

/** Reads what {@linkcode formatIndex} wrote; the details of a command are read when they are asked for. */
export function parseIndex(text: string): CommandIndex {
  const [firstLine = "", ...lines] = text.split("\n");
  const { commands: heads, ...rest }: CommandIndex = JSON.parse(firstLine);
  const lineOf = new Map(topLevelWords(heads).map((word, position) => [word, lines[position]]));
  const read = new Map<string, Record<string, Details>>();
  const detailsOf = ({ path }: Head): Details | undefined => {
    const [word = ""] = path;
    let group = read.get(word);
    if (group === undefined) read.set(word, group = JSON.parse(lineOf.get(word) ?? "{}"));
    return group?.[path.join(" ")];
  };
  // Its getters give undefined where the interface wants an absent key: to readers that is the same.
  const store = (head: Head) =>
    new StoredCommand(head, () => detailsOf(head)) as unknown as IndexedCommand;
  return { commands: heads.map(store), ...rest };
}

function split(command: IndexedCommand): { head: Head; details: Details } {
  const entries = Object.entries(command);
  const isHead = ([key]: [string, unknown]) => headKeys.includes(key);
  return {
    head: Object.fromEntries(entries.filter(isHead)) as unknown as Head,
    details: Object.fromEntries(entries.filter((entry) => !isHead(entry))) as unknown as Details,
  };
}

function topLevelWords(commands: readonly Pick<CommandSpec, "path">[]): string[] {
  return [...new Set(commands.map(({ path: [word = ""] }) => word))];
}

function nameOf({ path }: Pick<CommandSpec, "path">): string {
  return path.join(" ");
}

/** A command whose details are fetched by the first getter that needs them. */
class StoredCommand {
  readonly path: Head["path"];
  readonly summary: Head["summary"];
  readonly plugin: Head["plugin"];
  readonly aliases: Head["aliases"] | undefined;
  readonly group: Head["group"] | undefined;
  readonly hidden: boolean | undefined;
  readonly runnable: boolean | undefined;
  readonly #fetch: () => Details | undefined;
  #details: Details | undefined;

  constructor(head: Head, fetch: () => Details | undefined) {
    this.path = head.path;
    this.summary = head.summary;
    this.plugin = head.plugin;
    this.aliases = head.aliases;
    this.group = head.group;
    this.hidden = head.hidden;
    this.runnable = head.runnable;
    this.#fetch = fetch;
  }

  #get<K extends keyof Details>(key: K): Details[K] | undefined {
    this.#details ??= this.#fetch();
    return this.#details?.[key];
  }

  get usage() {
    return this.#get("usage");
  }
  get flagsNotInUsage() {
    return this.#get("flagsNotInUsage");
  }
  get description() {
    return this.#get("description");
  }
  get example() {
    return this.#get("example");
  }
  get deprecatedError() {
    return this.#get("deprecatedError");
  }
  get args() {
    return this.#get("args");
  }
  get flags() {
    return this.#get("flags");
  }
  get exclusive() {
    return this.#get("exclusive");
  }
  get targets() {
    return this.#get("targets");
  }
  get printsData() {
    return this.#get("printsData");
  }
}
