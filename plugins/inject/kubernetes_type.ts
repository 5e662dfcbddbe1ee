/**
 * Objects as typed programs of Kubernetes write them: unknown keys dropped, some zero values written, most left out.
 * The types are condensed from the OpenAPI description of Kubernetes 1.37.
 */

import type { ConfigMap, ConfigValue } from "../../core/machine_config/value.ts";
import types from "./data/kubernetes_types.json" with { type: "json" };
import { canonicalQuantity } from "./quantity.ts";

/** A value that is not of its field's type. */
export class TypeMismatch extends Error {
  override readonly name = "TypeMismatch";
}

/**
 * By type, then by key: the field's type; `!` behind it is written even when it is zero, `?` is left
 * out when it is zero, all others are left out when they are absent.
 */
const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = types;

/**
 * A new object of this type from what was written down.
 *
 * @throws {TypeMismatch} where a value has another type than its field
 */
export function asKubernetesType(object: ConfigValue, type: string): ConfigMap {
  if (!(object instanceof Map)) throw new TypeMismatch(`${type}: no object`);
  const typed: ConfigMap = new Map();
  for (const [key, description] of Object.entries(fields[type] ?? {})) {
    const fieldType = description.replace(/[!?]$/, "");
    const given = object.get(key) ?? null;
    const value = given === null ? null : asType(given, fieldType);
    if (description.endsWith("!")) typed.set(key, value ?? zeroOf(fieldType));
    else if (value !== null && !isLeftOut(value, fieldType, description)) typed.set(key, value);
  }
  return typed;
}

function asType(value: ConfigValue, type: string): ConfigValue {
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) throw new TypeMismatch(`${type}: no list`);
    return value.map((item) => asItem(item, type.slice("[]".length)));
  }
  if (type.startsWith("map:")) {
    if (!(value instanceof Map)) throw new TypeMismatch(`${type}: no map`);
    const itemType = type.slice("map:".length);
    return new Map([...value].map(([key, item]) => [key, asItem(item, itemType)]));
  }
  return Object.hasOwn(fields, type) ? asKubernetesType(value, type) : asScalar(value, type);
}

function asItem(value: ConfigValue, type: string): ConfigValue {
  return value === null ? zeroOf(type) : asType(value, type);
}

function asScalar(value: ConfigValue, type: string): ConfigValue {
  switch (type) {
    case "any":
      return value;
    case "quantity": {
      const text = typeof value === "string" || typeof value === "number" ||
          typeof value === "bigint"
        ? canonicalQuantity(String(value))
        : undefined;
      if (text === undefined) throw new TypeMismatch("no quantity");
      return text;
    }
    case "int":
      if (typeof value === "bigint" || Number.isInteger(value)) return value;
      break;
    case "float":
      if (typeof value === "bigint" || typeof value === "number") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    default:
      if (typeof value === "string") return value;
  }
  throw new TypeMismatch(`no ${type}`);
}

function isLeftOut(value: ConfigValue, type: string, description: string): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (type.startsWith("map:")) return value instanceof Map && value.size === 0;
  return value === "" || (description.endsWith("?") && (value === 0 || value === false));
}

/** Structs that are held by reference, so that an absent one is null and not empty. */
const references: readonly string[] = ["LabelSelector"];

function zeroOf(type: string): ConfigValue {
  if (type.startsWith("[]") || type.startsWith("map:") || references.includes(type)) return null;
  if (Object.hasOwn(fields, type)) return asKubernetesType(new Map(), type);
  switch (type) {
    case "quantity":
      return "0";
    case "bool":
      return false;
    case "string":
      return "";
    // The one field of any type that is always written is a port.
    default:
      return 0;
  }
}
