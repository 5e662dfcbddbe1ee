/** Finds the command in a list of words, with flags standing anywhere between them (spec/cli.md, 3). */

import {
  childrenOf,
  type CommandFlag,
  type CommandIndex,
  commandName,
  flagsFor,
  type IndexedCommand,
  rootCommand,
} from "../core/command_index.ts";

/** What the words ask for. */
export interface Resolution {
  command: IndexedCommand;
  /** The words without those that name the command: its flags and arguments. */
  words: string[];
  /** The last word that named the command: its name or an alias; empty for the root. */
  calledAs: string;
  /** A word that is no command, where only a command can stand. */
  unknown?: string;
  /** Where that word stands among `words`. */
  unknownAt?: number;
}

/** Follows the words from the root down as far as they name commands. */
export function resolve(index: CommandIndex, argv: readonly string[]): Resolution {
  let command = rootCommand;
  let calledAs = "";
  const words = [...argv];
  while (true) {
    const position = findCommandWord(words, index, command);
    const word = position === undefined ? undefined : words[position];
    if (position === undefined || word === undefined) return { command, words, calledAs };

    const child = childrenOf(index, command).find((candidate) => isCalled(candidate, word));
    if (child === undefined) {
      return {
        command,
        words,
        calledAs,
        ...(command === rootCommand ? { unknown: word, unknownAt: position } : {}),
      };
    }
    words.splice(position, 1);
    command = child;
    calledAs = word;
  }
}

function isCalled(command: IndexedCommand, word: string): boolean {
  return commandName(command) === word || (command.aliases?.includes(word) ?? false);
}

/** The position of the first word that is neither a flag nor looks like the value of one. */
function findCommandWord(
  words: readonly string[],
  index: CommandIndex,
  command: IndexedCommand,
): number | undefined {
  for (let position = 0; position < words.length; position++) {
    const word = words[position] ?? "";
    if (word === "--") return undefined;
    if (takesNextWord(word, index, command)) position++;
    else if (word !== "" && !word.startsWith("-")) return position;
  }
  return undefined;
}

/** Flags are taken to have a value unless the command has a bool flag of that name, `--help` not counted. */
function takesNextWord(word: string, index: CommandIndex, command: IndexedCommand): boolean {
  const isLong = word.startsWith("--");
  if (word.includes("=") || (!isLong && !/^-[^\u0080-\uffff]$/.test(word))) return false;
  const isMeant = ({ name, flag }: CommandFlag) =>
    isLong ? name === word.slice(2) : flag.short === word.slice(1);
  const known = flagsFor(index, command).find((flag) => flag.name !== "help" && isMeant(flag));
  return known?.flag.type !== "bool";
}
