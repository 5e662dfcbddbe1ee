/** What templates see of the program's data: objects that name their own members, and how values print. */

import { compareCodePoints } from "../../../core/output/code_point_order.ts";
import { goFloat } from "../../../core/output/go_float.ts";

/** An object with fields and methods, as a template sees a Go struct. */
export interface TemplateObject {
  /** What Go calls its type. */
  readonly goType: string;
  /** A field's value, a method to call, or undefined for what it does not have. */
  member(
    name: string,
  ): { value: unknown } | { call: (args: readonly unknown[]) => unknown } | undefined;
  /** How it prints. */
  toString(): string;
}

/** Whether a value is such an object. */
export function isTemplateObject(value: unknown): value is TemplateObject {
  return typeof value === "object" && value !== null && "member" in value && "goType" in value;
}

/** Entries of a map in the order templates visit them. */
export function sortedEntries(map: ReadonlyMap<string, unknown>): [string, unknown][] {
  return [...map].sort(([left], [right]) => compareCodePoints(left, right));
}

/** A value in Go's default form (`%v`). */
export function defaultText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(defaultText).join(" ")}]`;
  if (value instanceof Map) {
    const entries = sortedEntries(value).map(([key, item]) => `${key}:${defaultText(item)}`);
    return `map[${entries.join(" ")}]`;
  }
  if (typeof value === "number") return goFloat(value);
  return value === undefined ? "<nil>" : String(value);
}

/** Whether `if` and `with` take a value for true: what is empty or zero is not, an object always is. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value);
}
