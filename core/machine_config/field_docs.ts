/** What is said about the fields of documents, in one line each, and examples of their values: data/field_docs.json. */

import tableText from "./data/field_docs.json" with { type: "text" };
import type { Json } from "./json_patch.ts";

/** A value that a field can have. */
export interface FieldExample {
  /** What sets it apart from the field's other examples. */
  name?: string;
  value: Json;
}

/** What is known of one field. */
export interface FieldDoc {
  /** One line without a full stop at its end. */
  text: string;
  examples: readonly FieldExample[];
}

/** An entry is a bare text where there are no examples. */
type Entry = string | { text: string; examples: readonly FieldExample[] };

/** What data/field_docs.json holds. */
interface Table {
  structs: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  /** Structs whose other fields are those of a common struct. */
  includes: Readonly<Record<string, string>>;
}

let table: Table | undefined;

/** What is said about a field; nothing for those that other documents have replaced, and for `kind` and `apiVersion`. */
export function fieldDoc(struct: string, key: string): FieldDoc | undefined {
  const { structs, includes }: Table = table ??= JSON.parse(tableText);
  const entry = structs[struct]?.[key] ?? structs[includes[struct] ?? ""]?.[key];
  return typeof entry === "string" ? { text: entry, examples: [] } : entry;
}
