/** What documents there are and what their keys hold: data/schema.json, and how its types are read. */

import schemaText from "./data/schema.json" with { type: "text" };

/** One key of a struct. */
export interface Field {
  /** The type without a pointer's `?`: a scalar, a struct, `[]T`, `map[string]T`. */
  type: string;
  /** Can be unset, which is not the same as zero. */
  isPointer: boolean;
  /** Left out when written, where it is zero. */
  omitEmpty: boolean;
  /** A patch replaces it as a whole. */
  mergeReplace: boolean;
  /** Beside comments an empty list is written where there is one. */
  keepEmptyIfSet: boolean;
}

/** One kind of document. */
export interface DocumentKind {
  struct: string;
  isNamed?: boolean;
  isControlPlaneOnly?: boolean;
  /** Kinds of which none may have the same name. */
  conflictsWith?: readonly string[];
}

/** What data/schema.json holds. */
interface Schema {
  mainStruct: string;
  kinds: Readonly<Record<string, DocumentKind>>;
  /** Each one text, as most are not asked for: `key type mark mark, key type`. */
  structs: Readonly<Record<string, string>>;
  aliases: Readonly<Record<string, string>>;
  enums: Readonly<Record<string, readonly string[]>>;
}

/** From text, as a module of the same contents takes 3 ms at every start. */
const { mainStruct, kinds, structs, aliases, enums }: Schema = JSON.parse(schemaText);

/** The struct of the main document, which has no kind. */
export { mainStruct };

/** The kind of that name; all have the version `v1alpha1`. */
export function documentKind(name: string): DocumentKind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** The keys of a struct in the order in which they are written; nothing for what is no struct. */
export function fieldsOf(type: string): ReadonlyMap<string, Field> | undefined {
  const known = fieldCache.get(type);
  if (known !== undefined || !Object.hasOwn(structs, type)) return known;
  const texts = (structs[type] ?? "").split(", ").filter((text) => text !== "");
  const fields = new Map(texts.map(readField));
  fieldCache.set(type, fields);
  return fields;
}

const fieldCache = new Map<string, ReadonlyMap<string, Field>>();

function readField(text: string): [string, Field] {
  const [key = "", type = "", ...marks] = text.split(" ");
  const field = {
    ...pointerOf(type),
    omitEmpty: marks.includes("omitEmpty"),
    mergeReplace: marks.includes("mergeReplace"),
    keepEmptyIfSet: marks.includes("keepEmptyIfSet"),
  };
  return [key, field];
}

/** Parts `?T` into the type and whether it is a pointer. */
export function pointerOf(type: string): { type: string; isPointer: boolean } {
  return type.startsWith("?")
    ? { type: type.slice(1), isPointer: true }
    : { type, isPointer: false };
}

/** The type that a named list or map stands for; every other type as it is. */
export function resolveAlias(type: string): string {
  return aliases[type] ?? type;
}

/** The type of a list's items. */
export function itemType(type: string): string | undefined {
  const resolved = resolveAlias(type);
  return resolved.startsWith("[]") ? resolved.slice(2) : undefined;
}

/** The type of a map's values. */
export function valueType(type: string): string | undefined {
  const resolved = resolveAlias(type);
  return resolved.startsWith("map[string]") ? resolved.slice("map[string]".length) : undefined;
}

/** What values of a type are made of; none of the three for a scalar. */
export interface Shape {
  /** Without a pointer's `?`. */
  type: string;
  /** A struct's. */
  fields: ReadonlyMap<string, Field> | undefined;
  /** The type of a list's items. */
  item: string | undefined;
  /** The type of a map's values. */
  value: string | undefined;
}

/** Takes a type such as `?[]string` apart, once. */
export function shapeOf(type: string): Shape {
  const known = shapeCache.get(type);
  if (known !== undefined) return known;
  const target = pointerOf(type).type;
  const shape = {
    type: target,
    fields: fieldsOf(target),
    item: itemType(target),
    value: valueType(target),
  };
  shapeCache.set(type, shape);
  return shape;
}

const shapeCache = new Map<string, Shape>();

/** The values of an enumeration, by its type's name with or without the package. */
export function enumValues(type: string): readonly string[] | undefined {
  return enums[type.slice(type.lastIndexOf(".") + 1)];
}

/** A type as Go's errors spell it. */
export function goTypeName(type: string): string {
  if (type === "any") return "interface {}";
  if (type.startsWith("[]")) return `[]${goTypeName(type.slice(2))}`;
  if (type.startsWith("?")) return `*${goTypeName(type.slice(1))}`;
  if (type.startsWith("map[string]")) return `map[string]${goTypeName(type.slice(11))}`;
  return type === "base64" ? "[]uint8" : type;
}
