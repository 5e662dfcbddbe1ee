/** Free-form values as JSON: what JSON patches work on. */

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
