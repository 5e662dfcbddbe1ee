/** Versions given to flags: forgiving of short forms, strict about the rest (spec/cli.md, 6.8). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

/**
 * Reads a version, filling in what a short one leaves out: `1.2` is `1.2.0`.
 *
 * @param options.alwaysPrefixed Print a `v` in front also when none was typed.
 * @returns The full version; with `v` when it was typed with one.
 * @throws {CliError} with the official client's text.
 */
export function parseSemver(text: string, options: { alwaysPrefixed: boolean }): string {
  const trimmed = text.trim();
  const bare = trimmed.replace(/^v/, "");
  const [major = "", minor, ...others] = bare.split(".");
  const patch = others.length > 0 ? others.join(".") : undefined;
  if (patch === undefined && /[+-]/.test(minor ?? major)) {
    throw new CliError("Short version cannot contain PreRelease/Build meta data");
  }

  const full = [major, minor ?? "0", patch ?? "0"].map(withoutLeadingZeros);
  checkNumber("major", full[0] ?? "");
  checkNumber("minor", full[1] ?? "");
  checkPatch(full[2] ?? "");
  const isPrefixed = options.alwaysPrefixed || trimmed.startsWith("v");
  return (isPrefixed ? "v" : "") + full.join(".");
}

function withoutLeadingZeros(part: string): string {
  if (part.length < 2) return part;
  const rest = part.replace(/^0+/, "");
  return /^\d/.test(rest) ? rest : `0${rest}`;
}

function checkNumber(place: string, text: string): void {
  if (/[^0-9]/.test(text)) {
    throw new CliError(`Invalid character(s) found in ${place} number ${goQuote(text)}`);
  }
  const problem = text === ""
    ? "invalid syntax"
    : BigInt(text) >= 1n << 64n
    ? "value out of range"
    : undefined;
  if (problem === undefined) return;
  throw new CliError(`strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`);
}

/** The third part carries the pre-release and build parts. */
function checkPatch(text: string): void {
  const [, number = "", , prerelease, , build] = /^([^-+]*)(-([^+]*))?(\+(.*))?$/s.exec(text) ?? [];
  checkNumber("patch", number);
  for (const part of prerelease?.split(".") ?? []) {
    if (part === "") throw new CliError("Prerelease is empty");
    if (/[^0-9A-Za-z-]/.test(part)) {
      throw new CliError(`Invalid character(s) found in prerelease ${goQuote(part)}`);
    }
    if (/^0\d+$/.test(part)) {
      throw new CliError(
        `Numeric PreRelease version must not contain leading zeroes ${goQuote(part)}`,
      );
    }
  }
  for (const part of build?.split(".") ?? []) {
    if (part === "") throw new CliError("Build meta data is empty");
    if (/[^0-9A-Za-z-]/.test(part)) {
      throw new CliError(`Invalid character(s) found in build meta data ${goQuote(part)}`);
    }
  }
}
