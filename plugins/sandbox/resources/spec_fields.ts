/** What the spec of each resource type consists of: keys, numbers on the wire, kinds of values. */

import data from "../data/spec_fields.json" with { type: "json" };

/** What a single value is, in the words of the data file. */
export type SpecKind =
  | "any"
  | "base64"
  | "bool"
  | "boolText"
  | "bytes"
  | "cel"
  | "duration"
  | "endpoint"
  | "enum"
  | "flags"
  | "float"
  | "int"
  | "ip"
  | "mac"
  | "object"
  | "prefix"
  | "string"
  | "time"
  | "uint"
  | "url";

/** One field of a spec. */
export interface SpecField {
  key: string;
  number: number;
  kind: SpecKind;
  shape: "one" | "list" | "map";
  /** Null, or absent, where it is not set. */
  isOptional: boolean;
  /** In the binary form alone. */
  isHidden: boolean;
  /** Absent where it is empty. */
  isOmittedEmpty: boolean;
  /** Of objects. */
  fields: readonly SpecField[];
  /** Names and numbers of enums and flags. */
  values: Readonly<Record<string, number>>;
}

type Row = [key: string, number: number, words: string, extra?: Row[] | Record<string, number>];

const known = new Map<string, readonly SpecField[]>();

/** The fields of a type in the order of its YAML; types without any, and those of free form, have none. */
export function specFields(type: string): readonly SpecField[] {
  const read = known.get(type);
  if (read !== undefined) return read;
  // The import's own type has a case for every row of the file.
  const rows = (data as unknown as Readonly<Record<string, Row[]>>)[type] ?? [];
  const fields = rows.map(fieldOf);
  known.set(type, fields);
  return fields;
}

function fieldOf([key, number, words, extra = {}]: Row): SpecField {
  const parts = words.split(" ");
  return {
    key,
    number,
    // The last word is one of them: a test reads every row.
    kind: parts.at(-1) as SpecKind,
    shape: parts.includes("list") ? "list" : parts.includes("map") ? "map" : "one",
    isOptional: parts.includes("optional"),
    isHidden: parts.includes("hidden"),
    isOmittedEmpty: parts.includes("omit"),
    fields: Array.isArray(extra) ? extra.map(fieldOf) : [],
    values: Array.isArray(extra) ? {} : extra,
  };
}
