/** Amounts as tables show them: bytes by 1000 and by 1024, and counts with SI prefixes. */

import { goFixed } from "./go_float.ts";

/** A whole number that is not negative; 64-bit integers travel as text. */
export type Amount = number | bigint | string;

/** Bytes in steps of 1000 (spec/machine-read.md, 2, "Bytes"): `83 MB`, `9.9 kB`, `0 B`. */
export function formatBytes(sizeBytes: Amount): string {
  return scaledBytes(Number(sizeBytes), 1000, ["B", "kB", "MB", "GB", "TB", "PB", "EB"]);
}

/** Bytes in steps of 1024 (spec/machine-read.md, 2, "IBytes"): `79 MiB`, `1.0 KiB`, `1000 B`. */
export function formatIBytes(sizeBytes: Amount): string {
  return scaledBytes(Number(sizeBytes), 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]);
}

function scaledBytes(sizeBytes: number, base: number, units: readonly string[]): string {
  if (sizeBytes < 10) return `${sizeBytes} B`;
  const exponent = largestExponent(sizeBytes, base, units.length - 1);
  const value = Math.floor(sizeBytes / base ** exponent * 10 + 0.5) / 10;
  return `${goFixed(value, value < 10 ? 1 : 0)} ${units[exponent] ?? ""}`;
}

/** By comparing powers: the quotient of logarithms is below 3 for 1e9. */
function largestExponent(value: number, base: number, limit: number): number {
  let exponent = 0;
  while (exponent < limit && base ** (exponent + 1) <= value) exponent++;
  return exponent;
}

/** A number split for display: the mantissa, and the prefix that says what it is counted in. */
export interface SiValue {
  mantissa: number;
  prefix: string;
}

/** Splits a count by 1000 (spec/machine-read.md, 2, "SI prefix"): 99500 is 99.5 and `k`. */
function siValue(count: Amount): SiValue {
  const value = Number(count);
  const prefixes = ["", "k", "M", "G", "T", "P", "E"];
  const exponent = largestExponent(value, 1000, prefixes.length - 1);
  return { mantissa: value / 1000 ** exponent, prefix: prefixes[exponent] ?? "" };
}

/**
 * A count with its SI prefix and at most one decimal, which is cut and not rounded
 * (spec/machine-read.md, 2, "Ftoa1"): `99.5k`, `999.9M`, `1k`, `999`.
 */
export function formatSi(count: Amount): string {
  const { mantissa, prefix } = siValue(count);
  return goFixed(mantissa, 6).slice(0, -5).replace(/\.0$/, "") + prefix;
}
