/** Data with the types that Go's YAML gives it: integers apart from floats, times apart from texts. */

import { toGoJson } from "./json.ts";

/** A moment that YAML holds as a plain scalar; in JSON it is a string. */
export class Timestamp {
  /** RFC 3339, with fractions of a second where there are any. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Any data: integers are bigints, so a number is always a float. */
export type Value =
  | null
  | boolean
  | string
  | bigint
  | number
  | Timestamp
  | readonly Value[]
  | ReadonlyMap<string, Value>;

/**
 * Plain data, such as a command's record, as a {@linkcode Value}: whole numbers become integers,
 * keys whose value is `undefined` are left out, bytes become base64 and dates times.
 *
 * @throws TypeError for functions, symbols and what else is no data.
 */
export function toValue(data: unknown): Value {
  switch (typeof data) {
    case "string":
    case "boolean":
    case "bigint":
      return data;
    case "number":
      return Number.isInteger(data) ? BigInt(data) : data;
    case "undefined":
      return null;
    case "object":
      return data === null ? null : objectToValue(data);
    default:
      throw new TypeError(`read data: a ${typeof data} is no data`);
  }
}

function objectToValue(data: object): Value {
  if (Array.isArray(data)) return data.map(toValue);
  if (data instanceof Uint8Array) return data.toBase64();
  if (data instanceof Date) return new Timestamp(data.toISOString());
  if (data instanceof Timestamp) return data;
  const entries: [unknown, unknown][] = data instanceof Map
    ? Array.from(data.entries())
    : Object.entries(data);
  return new Map(
    entries.filter(([, item]) => item !== undefined).map(([key, item]) => [
      String(key),
      toValue(item),
    ]),
  );
}

/**
 * A value as Go's JSON encoder writes it, keys sorted (spec/resources.md, 5.4).
 *
 * @param indent Blanks a level; 0 puts all on one line without blanks.
 * @throws {CliError} for numbers that are not finite.
 */
export function valueToJson(value: Value, indent = 0): string {
  return toGoJson(withoutTimestamps(value), { indent, sortKeys: true });
}

function withoutTimestamps(value: Value): unknown {
  if (value instanceof Timestamp) return value.text;
  if (isList(value)) return value.map(withoutTimestamps);
  if (!isMap(value)) return value;
  return new Map(Array.from(value, ([key, item]) => [key, withoutTimestamps(item)]));
}

/** Whether a value is a list. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is a map. */
export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}
