/** Whether a part of a document says anything. */

import type { ConfigValue } from "../value.ts";

/** Not absent, nor a map or list without content. */
export function isGiven(value: ConfigValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return false;
  if (value instanceof Map) return [...value.values()].some(isGiven);
  return !Array.isArray(value) || value.length > 0;
}
