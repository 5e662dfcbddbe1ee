/** Durations as Go reads them (spec/cli.md, 6.6). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

const unitNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "µs": 1_000n, // U+00B5, the micro sign
  "μs": 1_000n, // U+03BC, the Greek letter
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/**
 * Reads a duration such as `1h30m` or `1.5s`.
 *
 * @returns Milliseconds, with fractions below.
 * @throws {CliError} with Go's text.
 */
export function parseDuration(text: string): number {
  const invalid = () => new CliError(`time: invalid duration ${goQuote(text)}`);
  const isNegative = text.startsWith("-");
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw invalid();

  const limitNs = 1n << 63n;
  let totalNs = 0n;
  while (rest !== "") {
    const [part = "", whole = "", fraction = "", unit = ""] =
      /^(\d*)(?:\.(\d*))?([^\d.]*)/.exec(rest) ?? [];
    if (whole === "" && fraction === "") throw invalid();
    if (BigInt(whole || 0) > limitNs) throw invalid();
    if (unit === "") throw new CliError(`time: missing unit in duration ${goQuote(text)}`);
    const scale = unitNs[unit];
    if (scale === undefined) {
      throw new CliError(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    }
    totalNs += BigInt(whole || 0) * scale +
      BigInt(fraction || 0) * scale / 10n ** BigInt(fraction.length);
    if (totalNs > limitNs) throw invalid();
    rest = rest.slice(part.length);
  }
  if (!isNegative && totalNs === limitNs) throw invalid();
  const totalMs = Number(totalNs) / 1e6;
  return isNegative ? -totalMs : totalMs;
}
