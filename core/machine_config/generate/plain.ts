/** Documents from plain data: how the generator writes down what it makes. */

import { documentKind, mainStruct } from "../schema.ts";
import type { ConfigDocument, ConfigMap, ConfigValue } from "../value.ts";

/** Data in which `undefined` stands for a key that is not there. */
export type Plain = string | number | boolean | readonly Plain[] | PlainMap;

/** A struct or a map as an object; the order of its keys means nothing. */
export interface PlainMap {
  readonly [key: string]: Plain | undefined;
}

/** A document of a kind that the schema has. */
export function newDocument(kind: string, fields: PlainMap): ConfigDocument {
  const struct = documentKind(kind)?.struct;
  if (struct === undefined) throw new TypeError(`no kind of document is called ${kind}`);
  const { name } = fields;
  return {
    apiVersion: "v1alpha1",
    kind,
    name: typeof name === "string" ? name : "",
    struct,
    value: mapValue({ apiVersion: "v1alpha1", kind, ...fields }),
  };
}

/** The document without a kind. */
export function newMainDocument(fields: PlainMap): ConfigDocument {
  return { apiVersion: "", kind: "", name: "", struct: mainStruct, value: mapValue(fields) };
}

function mapValue(fields: PlainMap): ConfigMap {
  const value: ConfigMap = new Map();
  for (const [key, field] of Object.entries(fields)) {
    if (field !== undefined) value.set(key, plainValue(field));
  }
  return value;
}

function plainValue(plain: Plain): ConfigValue {
  if (typeof plain !== "object") return plain;
  return isList(plain) ? plain.map(plainValue) : mapValue(plain);
}

/** `Array.isArray` does not tell a read-only list from an object. */
function isList(plain: readonly Plain[] | PlainMap): plain is readonly Plain[] {
  return Array.isArray(plain);
}
