/** What counts as not set: Go's zero values, by type. */

import { enumValues, fieldsOf } from "./schema.ts";
import type { ConfigValue } from "./value.ts";

/** The enumerations whose first value is that of an unset field. */
const zeroTexts: readonly string[] = ["", "0s", "none", "unspec", "Do53", "linear"];

/** Whether a value that is no pointer is its type's zero value, or an empty list or map. */
export function isZero(value: ConfigValue | undefined, type: string): boolean {
  if (value === undefined || value === null) return true;
  if (value instanceof Map) {
    const fields = fieldsOf(type);
    if (fields === undefined) return value.size === 0;
    return [...fields].every(([key, field]) => {
      const inner = value.get(key);
      return field.isPointer ? inner === undefined || inner === null : isZero(inner, field.type);
    });
  }
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "string") return isZeroText(value, type);
  return value === 0 || value === false;
}

function isZeroText(text: string, type: string): boolean {
  if (text === "") return true;
  const canHaveZeroText = type === "time.Duration" || enumValues(type) !== undefined;
  return canHaveZeroText && zeroTexts.includes(text);
}
