/** Reads a command's words as pflag does: which are flags, what their values are, what is left (spec/cli.md, 6). */

import type { CommandFlag } from "../command_index.ts";
import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import {
  defaultValue,
  type FlagValue,
  isCollected,
  parseValue,
  type Placeholders,
} from "./values.ts";

/** A command's words, read. */
export interface ParsedLine {
  /** The value of each known flag, given or default, by its name in camelCase. */
  flags: Record<string, FlagValue>;
  /** Long names of the flags on the line. */
  given: Set<string>;
  /** The positional arguments. */
  args: string[];
  /** One line for each use of a deprecated flag, in order. */
  notices: string[];
  /** A `--` ended the flags. */
  isEnded: boolean;
}

/** What is being read, while it is. */
interface Reader {
  known: readonly CommandFlag[];
  /** The words not yet looked at. */
  words: Iterator<string>;
  line: ParsedLine;
}

/**
 * Reads the words that follow a command.
 *
 * @param known The command's flags; see `flagsFor`.
 * @throws {CliError} for the first word that cannot be read.
 */
export function parseFlags(
  words: readonly string[],
  known: readonly CommandFlag[],
  placeholders: Placeholders,
): ParsedLine {
  const line: ParsedLine = { flags: {}, given: new Set(), args: [], notices: [], isEnded: false };
  const rest = words.values();
  const reader = { known, words: rest, line };
  for (const word of rest) {
    if (word === "--") {
      line.isEnded = true;
      line.args.push(...rest);
    } else if (word.startsWith("--")) readLong(word, reader);
    else if (word.startsWith("-") && word !== "-") readLetters(word.slice(1), reader);
    else line.args.push(word);
  }
  for (const { key, flag } of known) line.flags[key] ??= defaultValue(flag, placeholders);
  return line;
}

function readLong(word: string, reader: Reader): void {
  if (/^--[-=]/.test(word)) throw new CliError(`bad flag syntax: ${word}`);
  const [name = "", value] = word.slice(2).split(/=(.*)/s);
  const known = reader.known.find((candidate) => candidate.name === name);
  if (known === undefined) throw new CliError(`unknown flag: --${name}`);
  if (value !== undefined) return setValue(known, value, reader.line);
  if (known.flag.type === "bool") return setValue(known, "true", reader.line);
  setValue(known, nextWord(reader, word), reader.line);
}

/** Reads letters that share a dash; the first that takes a value takes the rest. */
function readLetters(word: string, reader: Reader): void {
  for (let letters = word; letters !== ""; letters = letters.slice(1)) {
    if (letters.startsWith("test.")) return; // words for Go's test framework are passed over
    const letter = letters.charAt(0);
    const known = reader.known.find(({ flag }) => flag.short === letter);
    if (known === undefined) {
      throw new CliError(`unknown shorthand flag: ${quoteLetter(letters)} in -${letters}`);
    }
    if (letters.length > 2 && letters[1] === "=") {
      return setValue(known, letters.slice(2), reader.line);
    }
    if (known.flag.type !== "bool") {
      const value = letters.slice(1) || nextWord(reader, `${quoteLetter(letters)} in -${letters}`);
      return setValue(known, value, reader.line);
    }
    setValue(known, "true", reader.line);
  }
}

function nextWord(reader: Reader, place: string): string {
  const next = reader.words.next();
  if (next.done) throw new CliError(`flag needs an argument: ${place}`);
  return next.value;
}

function setValue({ key, name, flag }: CommandFlag, text: string, line: ParsedLine): void {
  const value = readValue();
  const earlier = line.flags[key];
  if (isCollected(flag.type) && Array.isArray(earlier) && Array.isArray(value)) {
    line.flags[key] = [...earlier, ...value] as string[] | number[];
  } else if (value !== undefined) line.flags[key] = value;
  line.given.add(name);
  if (flag.deprecated !== undefined) {
    line.notices.push(`Flag --${name} has been deprecated, ${flag.deprecated}`);
  }

  function readValue(): FlagValue | undefined {
    try {
      return parseValue(flag, text);
    } catch (cause) {
      if (!(cause instanceof CliError)) throw cause;
      const shown = flag.short === undefined ? `--${name}` : `-${flag.short}, --${name}`;
      throw new CliError(
        `invalid argument ${goQuote(text)} for "${shown}" flag: ${cause.message}`,
        { cause },
      );
    }
  }
}

/** The first letter in single quotes; outside ASCII its first byte, which is all the official client sees. */
function quoteLetter(letters: string): string {
  const [byte = 0] = new TextEncoder().encode(letters);
  const letter = String.fromCharCode(byte);
  if (letter === "'") return "'\\''";
  return letter === '"' ? "'\"'" : `'${goQuote(letter).slice(1, -1)}'`;
}
