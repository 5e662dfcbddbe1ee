/** The number under which META keeps a value. */

import { parseInteger } from "../../core/flags/numbers.ts";

/** @throws {CliError} for what is no unsigned number of 8 bits, in Go's words */
export function parseKey(text: string): number {
  return parseInteger(text, { bits: 8, isSigned: false });
}
