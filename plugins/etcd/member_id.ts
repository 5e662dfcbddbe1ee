/** Ids of etcd members: 16 hex digits for people, an unsigned number on the wire. */

import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** The id as it is shown, from a decimal number. */
export function formatMemberId(id: string): string {
  return BigInt(id).toString(16).padStart(16, "0");
}

/**
 * The id in decimal, from hex digits.
 *
 * @throws {CliError} with the official text (spec/machine-ops.md, 15.1).
 */
export function parseMemberId(text: string): string {
  const fail = (problem: string) =>
    new CliError(
      "error parsing member ID: error parsing etcd member id: " +
        `strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`,
    );
  // Go looks at one digit after the other, so a value may be out of range before a digit is wrong.
  const [digits = ""] = /^[\da-f]*/i.exec(text) ?? [];
  if (digits.replace(/^0+/, "").length > 16) throw fail("value out of range");
  if (digits === "" || digits !== text) throw fail("invalid syntax");
  return BigInt(`0x${digits}`).toString();
}
