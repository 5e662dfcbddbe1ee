/** From the bytes of a kubeconfig to its entries by name; whatever Kubernetes does not know of is kept beside what it does. */

import { decodeBase64 } from "../../core/base64.ts";
import { CliError } from "../../core/errors.ts";
import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import type { Value } from "../../core/output/value.ts";
import { config, type Field, goTypeOf, type Struct } from "./fields.ts";
import { readYamlValue } from "./yaml_value.ts";

/** An object of a kubeconfig. */
export type Fields = ReadonlyMap<string, Value>;

/** The three lists. */
export const listNames = ["clusters", "users", "contexts"] as const;
/** One of them. */
export type ListName = typeof listNames[number];

/** A kubeconfig in its canonical form: known fields that say nothing are gone, or there if they are always written. */
export interface Kubeconfig {
  /** Entries by name: their `name`, their body, and what else stands beside. */
  lists: Readonly<Record<ListName, ReadonlyMap<string, Fields>>>;
  /** The document, for what is not in the lists. */
  rest: Fields;
}

/**
 * Reads a kubeconfig; an empty file is one without entries.
 *
 * @throws {CliError} in the words of Kubernetes' own reader (spec/kubeconfig.md, 6)
 */
export async function readKubeconfig(bytes: Uint8Array): Promise<Kubeconfig> {
  const value = await readYamlValue(bytes);
  if (value !== null && !(value instanceof Map)) {
    throw new CliError(
      `couldn't get version/kind; json parse error: ` +
        `json: cannot unmarshal ${jsonTypeOf(value)} into a kubeconfig`,
    );
  }
  const document: Fields = value ?? new Map();
  checkKind(document);
  const rest = readStruct(document, config, { struct: "Config", path: [] });
  const lists = { clusters: itemsOf(rest, "clusters"), users: itemsOf(rest, "users") };
  return { lists: { ...lists, contexts: itemsOf(rest, "contexts") }, rest };
}

function checkKind(document: Fields): void {
  const textAt = (key: string, otherwise: string) => {
    const value = document.get(key);
    return typeof value === "string" && value !== "" ? value : otherwise;
  };
  const kind = textAt("kind", "Config");
  const version = textAt("apiVersion", "v1");
  if (kind === "Config" && version === "v1") return;
  const wanted = `no kind ${goQuote(kind)} is registered for version ${goQuote(version)}`;
  throw new CliError(`${wanted} in scheme "pkg/runtime/scheme.go:111"`);
}

function itemsOf(document: Fields, list: ListName): Map<string, Fields> {
  const items = document.get(list) ?? [];
  if (!Array.isArray(items)) throw new TypeError(`"${list}" was read and is no list`);
  return new Map(items.map((item: Fields) => [String(item.get("name")), item]));
}

/** Where a value stands, for errors: the object that has it, and the keys that lead to it. */
interface Place {
  struct: string;
  path: readonly string[];
}

/** A value in its canonical form; undefined where it says nothing. */
function read(value: Value, field: Field, place: Place): Value | undefined {
  if (field.kind === "any") return value;
  if (value === null) return undefined;
  switch (field.kind) {
    case "string":
      if (typeof value !== "string") throw mismatch(value, field, place);
      return value === "" ? undefined : value;
    case "bool":
      if (typeof value !== "boolean") throw mismatch(value, field, place);
      return value || undefined;
    case "bytes":
      if (typeof value !== "string") throw mismatch(value, field, place);
      return decodeBase64(value).toBase64() || undefined;
    case "list":
      if (!Array.isArray(value)) throw mismatch(value, field, place);
      return readList(value, field, place);
    case "map":
      if (!(value instanceof Map)) throw mismatch(value, field, place);
      return readMap(value, field, place);
    case "struct": {
      if (!(value instanceof Map)) throw mismatch(value, field, place);
      const struct = readStruct(value, field.struct, { ...place, struct: field.struct.name });
      return struct.size > 0 ? struct : undefined;
    }
  }
}

function readList(
  values: readonly Value[],
  { item, namedInto }: Field & { kind: "list" },
  place: Place,
): Value | undefined {
  const items = values.map((value) => read(value, item, place) ?? emptyOf(item));
  if (items.length === 0) return undefined;
  return namedInto === undefined ? items : sortedByName(items, { item, namedInto });
}

function readMap(
  values: Fields,
  { value: inner }: Field & { kind: "map" },
  { struct, path }: Place,
): Value | undefined {
  if (values.size === 0) return undefined;
  return new Map(
    Array.from(values, ([key, value]) => {
      return [key, read(value, inner, { struct, path: [...path, key] }) ?? emptyOf(inner)];
    }),
  );
}

function readStruct(source: Fields, { fields }: Struct, { struct, path }: Place): Fields {
  const result = new Map<string, Value>();
  for (const [key, field] of Object.entries(fields)) {
    const value = read(source.get(key) ?? null, field, { struct, path: [...path, key] });
    if (value !== undefined) result.set(key, value);
    else if (field.isAlways) result.set(key, emptyOf(field));
  }
  // Other programs' fields: dropping them would take from the user what is theirs.
  for (const [key, value] of source) if (!Object.hasOwn(fields, key)) result.set(key, value);
  return result;
}

/** What a field holds that says nothing. */
function emptyOf(field: Field): Value {
  switch (field.kind) {
    case "string":
    case "bytes":
      return "";
    case "bool":
      return false;
    case "struct":
      return readStruct(new Map(), field.struct, { struct: field.struct.name, path: [] });
    case "list":
    case "map":
    case "any":
      return null;
  }
}

function sortedByName(
  items: readonly Value[],
  { item, namedInto }: { item: Field; namedInto: string },
): Value {
  const byName = new Map<string, Value>();
  for (const value of items) {
    const name = value instanceof Map ? String(value.get("name")) : "";
    if (byName.has(name)) {
      const type = goTypeOf(item).replace(/^v1\./, "*[]");
      // The official text goes on with the whole list, secrets and all.
      throw new CliError(
        `error converting ${type} into ${namedInto}: duplicate name ${
          goQuote(name)
        } in list: [...]`,
      );
    }
    byName.set(name, value);
  }
  const sorted = [...byName].sort(([left], [right]) => compareCodePoints(left, right));
  return sorted.map(([, value]) => value);
}

function mismatch(value: Value, field: Field, { struct, path }: Place): CliError {
  const owner = `Go struct field ${struct}.${path.join(".")}`;
  return new CliError(
    `json: cannot unmarshal ${jsonTypeOf(value)} into ${owner} of type ${goTypeOf(field)}`,
  );
}

function jsonTypeOf(value: Value): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  return value instanceof Map ? "object" : "number";
}
