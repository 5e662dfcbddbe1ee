/** From what is worth saying of a resource to the whole spec that a node sends (spec/resources.md, 7.2). */

import type { SpecField } from "./spec_fields.ts";

/** A spec, or an object in it: keys and values as in YAML. */
export type Spec = Readonly<Record<string, unknown>>;

/**
 * Puts the keys in order, adds those that are always there, and leaves out what is empty and may be.
 *
 * @throws TypeError for a key that the type does not have.
 */
export function completeSpec(fields: readonly SpecField[], given: Spec): Spec {
  const unknown = Object.keys(given).find((key) => !fields.some((field) => field.key === key));
  if (unknown !== undefined) throw new TypeError(`spec: there is no key "${unknown}"`);

  const spec: Record<string, unknown> = {};
  for (const field of fields) {
    const value = completeField(field, given[field.key]);
    if (field.isOmittedEmpty && isEmpty(value, field)) continue;
    spec[field.key] = value;
  }
  return spec;
}

function completeField(field: SpecField, given: unknown): unknown {
  if (given === undefined || given === null) return emptyValue(field);
  if (field.shape === "list") return asList(given).map((item) => completeItem(field, item));
  if (field.shape === "one") return completeItem(field, given);
  const entries = Object.entries(asSpec(given));
  // Ethernet features come in the order of the report.
  if (field.key !== "features") entries.sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, item]) => [key, completeItem(field, item)]));
}

function completeItem({ kind, fields }: SpecField, item: unknown): unknown {
  return kind === "object" ? completeSpec(fields, asSpec(item)) : item;
}

function emptyValue({ shape, kind, isOptional, isOmittedEmpty, fields, values }: SpecField) {
  if (shape === "list") return [];
  if (shape === "map") return {};
  if (isOptional) return null;
  switch (kind) {
    case "object":
      return isOmittedEmpty ? null : completeSpec(fields, {});
    case "bool":
      return false;
    case "int":
    case "uint":
    case "float":
      return 0;
    case "duration":
      return "0s";
    case "enum":
      return Object.keys(values).find((name) => values[name] === 0) ?? "";
    case "bytes":
      return [];
    case "any":
    case "time":
    case "url":
      return null;
    default:
      return "";
  }
}

function isEmpty(value: unknown, field: SpecField): boolean {
  if (field.isOptional) return value === null;
  if (value === null || value === "" || value === 0 || value === false || value === "0s") {
    return true;
  }
  if (field.kind === "enum" && field.shape === "one") return field.values[String(value)] === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** A map or an object of a spec. */
export function asSpec(value: unknown): Spec {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`spec: ${JSON.stringify(value)} is no object`);
  }
  return value as Spec;
}

/** A list of a spec. */
export function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`spec: ${JSON.stringify(value)} is no list`);
  return value;
}
