/** Durations as Go prints them (spec/machine-read.md, 2; spec/cli.md, 6.6). */

/** A protobuf duration, or any other pair of seconds and nanoseconds. */
export interface SecondsAndNanos {
  seconds: number | bigint | string;
  nanos: number;
}

/**
 * A duration such as `1h0m0s`, `1.5s`, `9.75ms` or `0s`.
 *
 * @param duration Milliseconds with fractions, which are good to the nanosecond for some weeks, or
 * seconds and nanoseconds, which are exact.
 */
export function formatDuration(duration: number | SecondsAndNanos): string {
  const totalNs = nanosecondsOf(duration);
  const sign = totalNs < 0n ? "-" : "";
  return sign + formatMagnitude(totalNs < 0n ? -totalNs : totalNs);
}

function nanosecondsOf(duration: number | SecondsAndNanos): bigint {
  if (typeof duration !== "number") {
    return BigInt(duration.seconds) * 1_000_000_000n + BigInt(duration.nanos);
  }
  const wholeMs = Math.trunc(duration);
  return BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((duration - wholeMs) * 1e6));
}

function formatMagnitude(totalNs: bigint): string {
  if (totalNs === 0n) return "0s";
  if (totalNs < 1_000n) return `${totalNs}ns`;
  if (totalNs < 1_000_000n) return `${decimal(totalNs, 3)}µs`;
  if (totalNs < 1_000_000_000n) return `${decimal(totalNs, 6)}ms`;

  const minutes = totalNs / 60_000_000_000n;
  const seconds = `${decimal(totalNs % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  if (minutes < 60n) return `${minutes}m${seconds}`;
  return `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** `value` divided by ten to the power of `decimals`, without trailing zeros. */
function decimal(value: bigint, decimals: number): string {
  const digits = String(value).padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return digits.slice(0, -decimals) + (fraction === "" ? "" : "." + fraction);
}

/**
 * Rounds milliseconds to whole seconds, halves away from zero (spec/machine-read.md, 2, "Duration
 * rounded to s").
 *
 * @returns Milliseconds.
 */
export function roundToSeconds(durationMs: number): number {
  return Math.sign(durationMs) * Math.floor(Math.abs(durationMs) / 1000 + 0.5) * 1000;
}
