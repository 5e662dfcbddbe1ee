/** Sizes such as `2.0GiB` (spec/cli.md, 6.7). */

import { CliError } from "../errors.ts";
import { parseFloatingPoint } from "./numbers.ts";

/** What a number without a unit is taken for. */
const defaultUnit = "MiB";

/**
 * Reads a size; a bare number is in MiB.
 *
 * @returns Whole bytes.
 * @throws {CliError} with the official client's text.
 */
export function parseByteSize(text: string): number {
  if (text === "" || text === "0") return 0;
  const withUnit = /\d$/.test(text) ? text + defaultUnit : text;
  const digits = /^[\d.,]*/.exec(withUnit)?.[0] ?? "";
  const number = parseFloatingPoint(digits.replaceAll(",", ""));
  const unit = withUnit.slice(digits.length).trim().toLowerCase();
  const factor = factorOf(unit);
  if (factor === undefined) throw new CliError(`unhandled size name: ${unit}`);
  const sizeBytes = number * factor;
  if (sizeBytes >= 2 ** 64) throw new CliError(`too large: ${withUnit}`);
  return Math.trunc(sizeBytes);
}

function factorOf(unit: string): number | undefined {
  if (unit === "" || unit === "b") return 1;
  const [, letter, binary] = /^([kmgtpe])(i?)b?$/.exec(unit) ?? [];
  if (letter === undefined) return undefined;
  return (binary ? 1024 : 1000) ** ("kmgtpe".indexOf(letter) + 1);
}
