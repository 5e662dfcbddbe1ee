/** Values as JSON and back: JSON patches and the examples of fields are JSON. */

import type { Json } from "./json_patch.ts";
import type { ConfigValue } from "./value.ts";

/** The same value with objects in the place of maps. */
export function toJson(value: ConfigValue): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, inner]) => [key, toJson(inner)]));
  }
  return typeof value === "bigint" ? Number(value) : value;
}

/** The same value with maps in the place of objects. */
export function fromJson(value: Json): ConfigValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}
