/** What Go's YAML makes of a plain scalar: the types of YAML 1.2, and some forms of 1.1. */

import { Timestamp, type Value } from "../output/value.ts";

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, null] as const),
  ...["true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["false", "False", "FALSE"].map((text) => [text, false] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((text) => [text, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((text) => [text, -Infinity] as const),
  ...[".nan", ".NaN", ".NAN"].map((text) => [text, NaN] as const),
]);

const integer = /^([-+]?)(0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

/** The value of an unquoted text (spec/resources.md, 5.4): what has no other type is a string. */
export function plainScalarValue(text: string): Value {
  const constant = constants.get(text);
  if (constant !== undefined) return constant;
  if (!/^[-+.\d]/.test(text)) return text;
  if (text.startsWith(".")) return float.test(text) ? Number(text) : text;

  const digits = text.replaceAll("_", "");
  return timestampValue(text) ?? integerValue(digits) ??
    (float.test(digits) ? Number(digits) : text);
}

/** Beyond 64 bits there is no integer. */
function integerValue(text: string): bigint | undefined {
  const [, sign, digits] = integer.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const isOldOctal = /^0[0-7]/.test(digits);
  const magnitude = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits);
  const value = sign === "-" ? -magnitude : magnitude;
  return value >= -(1n << 63n) && value < 1n << 64n ? value : undefined;
}

const timestamp =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d))|(?: (\d\d?):(\d\d?):(\d\d?)(\.\d+)?))?$/;

function timestampValue(text: string): Timestamp | undefined {
  const match = timestamp.exec(text);
  if (match === null) return undefined;
  const [, year, month, day] = match;
  const [hour = "0", minute = "0", second = "0", fraction = ""] = match.slice(
    match[4] === undefined ? 9 : 4,
  );
  const two = (part = "") => part.padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  const parsed = new Date(`${date}T${time}Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) &&
    Number(hour) < 24;
  if (!exists) return undefined;

  const zone = match[8] === undefined || match[8] === "+00:00" ? "Z" : match[8];
  return new Timestamp(`${date}T${time}${fraction.slice(0, 10).replace(/\.?0*$/, "")}${zone}`);
}
