/** Where in a line the word to complete stands: among arguments and flags, or as the value of one (spec/cli.md, 8). */

import {
  type CommandFlag,
  type CommandIndex,
  flagsFor,
  type IndexedCommand,
} from "../core/command_index.ts";
import { CliError } from "../core/errors.ts";
import { type ParsedLine, parseFlags } from "../core/flags/parse.ts";
import type { Placeholders } from "../core/flags/values.ts";

/** A line, read up to the word to complete. */
export interface Position {
  command: IndexedCommand;
  known: readonly CommandFlag[];
  line: ParsedLine;
  word: string;
  /** The flag whose value the word is. */
  flag?: CommandFlag;
}

/**
 * Reads the words before the last, and whether that one is the value of a flag.
 *
 * @param before The words of `command`, without those that name it.
 */
export function readPosition(
  command: IndexedCommand,
  before: readonly string[],
  word: string,
  { index, placeholders }: { index: CommandIndex; placeholders: Placeholders },
): Position | { problem: string } {
  const known = flagsFor(index, command);
  const value = findValue(before, word, known);
  const words = value?.before ?? before;
  try {
    const line = parseFlags(words, known, placeholders);
    // Behind a `--` nothing is a flag, whatever it looks like.
    if (value === undefined) return { command, known, line, word };
    if (line.isEnded) {
      return { command, known, line: parseFlags(before, known, placeholders), word };
    }
    if (value.flag === undefined) throw new CliError(`unknown flag: --${value.name}`);
    return { command, known, line, word: value.word, flag: value.flag };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const shown = words.join(" ");
    return { problem: `Error while parsing flags from args [${shown}]: ${error.message}` };
  }
}

/** A flag, the part of its value that is typed, and the words before the flag. */
interface TypedValue {
  name: string;
  flag: CommandFlag | undefined;
  word: string;
  before: readonly string[];
}

/** The flag whose value `word` is: after `--name=`, or after a flag that stands alone. */
function findValue(
  before: readonly string[],
  word: string,
  known: readonly CommandFlag[],
): TypedValue | undefined {
  if (word.startsWith("-")) {
    const equals = word.indexOf("=");
    if (equals < 0) return undefined;
    const name = word.startsWith("--") ? word.slice(2, equals) : word.slice(equals - 1, equals);
    const flag = known.find((candidate) =>
      word.startsWith("--") ? candidate.name === name : candidate.flag.short === name
    );
    return { name, flag, word: word.slice(equals + 1), before };
  }

  const flag = findOpenFlag(before.at(-1) ?? "", known);
  return flag && { name: flag.name, flag, word, before: before.slice(0, -1) };
}

/** The flag in `word` that still needs a value. */
function findOpenFlag(word: string, known: readonly CommandFlag[]): CommandFlag | undefined {
  if (word.startsWith("--")) {
    const flag = known.find(({ name }) => `--${name}` === word);
    return flag?.flag.type === "bool" ? undefined : flag;
  }
  if (!word.startsWith("-")) return undefined;
  const letters = [...word.slice(1)].map((letter) =>
    known.find(({ flag }) => flag.short === letter)
  );
  const firstOpen = letters.findIndex((flag) => flag?.flag.type !== "bool");
  return firstOpen === letters.length - 1 ? letters.at(-1) : undefined;
}
