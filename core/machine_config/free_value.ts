/** Free-form values: what stands below keys that other programs define. */

import { decodeMapping, isNull, type Problems, reportMismatch } from "../yaml/decode.ts";
import type { YamlNode } from "../yaml/node.ts";
import { parseInteger } from "./scalars.ts";
import type { ConfigMap, ConfigValue } from "./value.ts";

const freeType = "map[string]interface {}";

/** A mapping of any content. */
export function freeMapping(node: YamlNode, problems: Problems): ConfigMap | undefined {
  if (node.kind !== "mapping") {
    reportMismatch(node, freeType, problems);
    return undefined;
  }
  const value = freeValue(node, problems);
  return value instanceof Map ? value : undefined;
}

/** A node as what it reads as. */
export function freeValue(node: YamlNode, problems: Problems): ConfigValue {
  switch (node.kind) {
    case "sequence":
      return node.items.map((item) => freeValue(item, problems));
    case "mapping": {
      const pairs = decodeMapping(node, freeType, problems);
      return new Map([...pairs].map(([key, value]) => [key, freeValue(value, problems)]));
    }
    case "scalar":
      return scalarValue(node.tag, node.value, isNull(node));
  }
}

function scalarValue(tag: string, text: string, isNullScalar: boolean): ConfigValue {
  if (isNullScalar) return null;
  if (tag === "!!bool") return text.toLowerCase() === "true";
  if (tag === "!!int") {
    const value = parseInteger(text);
    if (value === undefined) return text;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (tag === "!!float") return floatValue(text);
  return text;
}

function floatValue(text: string): number {
  const lower = text.toLowerCase().replaceAll("_", "");
  if (lower === ".nan") return NaN;
  if (/^[-+]?\.inf$/.test(lower)) return lower.startsWith("-") ? -Infinity : Infinity;
  return Number(lower);
}
