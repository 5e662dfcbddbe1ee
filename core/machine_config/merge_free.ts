/** Merge of free-form values: maps by key, lists one after the other (spec/machine-config.md, 9.2). */

import { CliError } from "../errors.ts";
import type { ConfigMap, ConfigValue } from "./value.ts";

/** Merges `right` into `left`, which is changed. Values of one key must be of one type. */
export function mergeFree(left: ConfigMap, right: ConfigMap): void {
  for (const [key, value] of right) {
    const existing = left.get(key);
    if (existing === undefined || existing === null) left.set(key, value);
    else if (value !== null) left.set(key, mergeValues(existing, value, key));
  }
}

function mergeValues(left: ConfigValue, right: ConfigValue, key: string): ConfigValue {
  if (goType(left) !== goType(right)) {
    throw new CliError(`merge type mismatch left ${goType(left)} right ${goType(right)}`);
  }
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (left instanceof Map && right instanceof Map) {
    try {
      mergeFree(left, right);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const where = `merge map key ${goType(left)}[${key}]`;
      throw new CliError(`${where}: ${error.message}`, { cause: error });
    }
    return left;
  }
  return right === "" || right === 0 ? left : right;
}

function goType(value: ConfigValue): string {
  if (value instanceof Map) return "map[string]interface {}";
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return Number.isInteger(value) ? "int" : "float64";
    default:
      return "interface {}";
  }
}
