/** How jsonpath results read: scalars as Go prints them, lists and maps as JSON. */

import { compareCodePoints } from "../code_point_order.ts";
import { goFloat } from "../go_float.ts";
import { isList, isMap, Timestamp, type Value, valueToJson } from "../value.ts";

/** One result inside a line, as table cells have it (spec/resources.md, 6.2). */
export function cellText(value: Value): string {
  if (value === null) return "null";
  return typeof value === "object" ? valueToJson(value) : scalarText(value);
}

/** One result on lines of its own, as `-o jsonpath=` prints it (spec/resources.md, 6.3). */
export function lineText(value: Value): string {
  if (value === null) return "<nil>";
  return typeof value === "object" ? valueToJson(value, 4) : scalarText(value);
}

function scalarText(value: string | boolean | bigint | number): string {
  return typeof value === "number" ? goFloat(value) : String(value);
}

/** A value as Go prints any value; error texts show it. */
export function valueText(value: Value): string {
  if (value === null) return "<nil>";
  if (value instanceof Timestamp) return value.text;
  if (isList(value)) return `[${value.map(valueText).join(" ")}]`;
  if (!isMap(value)) return scalarText(value);
  const members = Array.from(value).sort(([left], [right]) => compareCodePoints(left, right));
  return `map[${members.map(([key, item]) => `${key}:${valueText(item)}`).join(" ")}]`;
}

/** The name of a value's type in Go; error texts show it. */
export function typeName(value: Exclude<Value, null>): string {
  if (value instanceof Timestamp) return "time.Time";
  if (isList(value)) return "[]interface {}";
  if (isMap(value)) return "map[string]interface {}";
  switch (typeof value) {
    case "bigint":
      return BigInt.asIntN(64, value) === value ? "int" : "uint64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    default:
      return "string";
  }
}
