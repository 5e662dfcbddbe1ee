/** Integers and floats as Go's strconv reads them, with its messages (spec/cli.md, 6.4). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

/** What kind of integer is wanted. */
export interface IntegerKind {
  bits: 8 | 16 | 32 | 64;
  isSigned: boolean;
  /** No prefixes and no `_`. */
  isDecimal?: boolean;
}

/**
 * Reads an integer literal of Go: decimal, `0x`, `0o`, `0b`, a leading `0` for octal, `_` between digits.
 *
 * @throws {CliError} with Go's text; of its own where 64 bits hold a value that JavaScript's
 * numbers do not.
 */
export function parseInteger(text: string, kind: IntegerKind): number {
  const sign = kind.isSigned ? /^[+-]?/.exec(text)?.[0] ?? "" : "";
  const digits = text.slice(sign.length);
  const { base, start } = kind.isDecimal ? { base: 10, start: 0 } : baseOf(digits);
  const fail = (problem: string) => {
    const reader = kind.isDecimal ? "Atoi" : kind.isSigned ? "ParseInt" : "ParseUint";
    return new CliError(`strconv.${reader}: parsing ${goQuote(text)}: ${problem}`);
  };

  // Go looks at one digit after the other, so a value may be out of range before a digit is wrong.
  const limit = 1n << BigInt(kind.bits);
  let magnitude = 0n;
  let hasUnderscores = false;
  for (const character of digits.slice(start)) {
    if (character === "_" && !kind.isDecimal) {
      hasUnderscores = true;
      continue;
    }
    const digit = /^[0-9a-zA-Z]$/.test(character) ? parseInt(character, 36) : base;
    if (digit >= base) throw fail("invalid syntax");
    magnitude = magnitude * BigInt(base) + BigInt(digit);
    if (magnitude >= limit) throw fail("value out of range");
  }
  if (digits.length === start) throw fail("invalid syntax");
  if (hasUnderscores && !areUnderscoresBetweenDigits(digits)) throw fail("invalid syntax");

  const value = sign === "-" ? -magnitude : magnitude;
  if (kind.isSigned && BigInt.asIntN(kind.bits, value) !== value) throw fail("value out of range");
  if (Number.isSafeInteger(Number(value))) return Number(value);
  throw new CliError(`more than this program can count: the limit is ${Number.MAX_SAFE_INTEGER}`);
}

/** The base of a literal without its sign, and where its digits start. */
function baseOf(digits: string): { base: number; start: number } {
  if (!digits.startsWith("0") || digits === "0") return { base: 10, start: 0 };
  const base = { x: 16, o: 8, b: 2 }[digits.slice(1, 2).toLowerCase()];
  return base === undefined || digits.length < 3 ? { base: 8, start: 1 } : { base, start: 2 };
}

/** A base prefix counts as a digit here. */
function areUnderscoresBetweenDigits(digits: string): boolean {
  const isPrefixed = /^0[xob]/i.test(digits);
  return !/__|_$/.test(digits) && (isPrefixed || !digits.startsWith("_"));
}

/**
 * Reads a decimal floating point literal of Go, `inf` or `nan`.
 *
 * @throws {CliError} with Go's text.
 */
export function parseFloatingPoint(text: string): number {
  const fail = (problem: string) =>
    new CliError(`strconv.ParseFloat: parsing ${goQuote(text)}: ${problem}`);
  if (/^nan$/i.test(text)) return NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;

  const number = /^[+-]?(\d(_?\d)*(\.(\d(_?\d)*)?)?|\.\d(_?\d)*)(e[+-]?\d(_?\d)*)?$/i;
  if (!number.test(text)) throw fail("invalid syntax");
  const value = Number(text.replaceAll("_", ""));
  if (!Number.isFinite(value)) throw fail("value out of range");
  return value;
}
