/** Writing of configuration documents: keys in the order of the schema, what is unset left out (spec/machine-config.md, 7.1). */

import { plainYaml, toGoYaml } from "../output/go_yaml.ts";
import { compareNaturally } from "../talosconfig/name_order.ts";
import { enumValues, type Field, fieldsOf, itemType, pointerOf, valueType } from "./schema.ts";
import { formatDiskSize } from "./sizes.ts";
import type { ConfigDocument, ConfigMap, ConfigValue } from "./value.ts";
import { isZero } from "./zero.ts";

/** What a struct becomes once its keys are encoded, in all depths; it may add comments and keys. */
export type FinishStruct = (
  encoded: Map<string, unknown>,
  value: ConfigMap,
  struct: string,
) => Map<string, unknown>;

/**
 * Writes a configuration: the main document, then the others in their order, `---` between them.
 *
 * @param finish By default every struct is written as it is encoded.
 */
export function writeConfig(
  documents: readonly ConfigDocument[],
  finish: FinishStruct = (encoded) => encoded,
): string {
  const isMain = ({ kind }: ConfigDocument) => kind === "";
  const ordered = [...documents.filter(isMain), ...documents.filter((each) => !isMain(each))];
  return ordered.map(({ value, struct }) => toGoYaml(encode(value, struct, finish))).join("---\n");
}

function encodeStruct(
  value: ConfigMap,
  struct: string,
  finish: FinishStruct,
): Map<string, unknown> {
  const encoded = new Map<string, unknown>();
  for (const [key, field] of fieldsOf(struct) ?? []) {
    const inner = value.get(key);
    if (field.omitEmpty && isUnset(inner, field)) continue;
    encoded.set(
      key,
      field.isPointer
        ? encodePointer(inner, field.type, finish)
        : encode(inner, field.type, finish),
    );
  }
  return finish(encoded, value, struct);
}

function isUnset(value: ConfigValue | undefined, { type, isPointer }: Field): boolean {
  return isPointer ? value === undefined || value === null : isZero(value, type);
}

function encodePointer(
  value: ConfigValue | undefined,
  type: string,
  finish: FinishStruct,
): unknown {
  return value === undefined || value === null ? null : encode(value, type, finish);
}

/** A value of a type, as {@linkcode toGoYaml} takes it. */
export function encode(
  value: ConfigValue | undefined,
  type: string,
  finish: FinishStruct,
): unknown {
  if (fieldsOf(type) !== undefined) {
    return encodeStruct(value instanceof Map ? value : new Map(), type, finish);
  }
  const item = itemType(type);
  if (item !== undefined) {
    return Array.isArray(value) ? value.map((each) => encodeItem(each, item, finish)) : [];
  }
  const inner = valueType(type);
  if (inner !== undefined) return encodeMap(value, (each) => encodeItem(each, inner, finish));
  if (type === "meta.Unstructured") return encodeMap(value, encodeFree);
  return encodeScalar(value, type);
}

function encodeItem(value: ConfigValue, type: string, finish: FinishStruct): unknown {
  const { type: target, isPointer } = pointerOf(type);
  return isPointer ? encodePointer(value, target, finish) : encode(value, target, finish);
}

function encodeMap(
  value: ConfigValue | undefined,
  encodeValue: (value: ConfigValue) => unknown,
): Map<string, unknown> {
  const pairs = value instanceof Map ? [...value] : [];
  pairs.sort(([left], [right]) => compareNaturally(left, right));
  return new Map(pairs.map(([key, each]) => [key, encodeValue(each)]));
}

function encodeFree(value: ConfigValue): unknown {
  if (value instanceof Map) return encodeMap(value, encodeFree);
  return Array.isArray(value) ? value.map(encodeFree) : value;
}

function encodeScalar(value: ConfigValue | undefined, type: string): unknown {
  if (type.endsWith("FileMode")) return plainYaml(`0o${Number(value ?? 0).toString(8)}`);
  if (type === "v1alpha1.DiskSize") return formatDiskSize(Number(value ?? 0));
  if (type === "network.PortRange" && typeof value === "string" && /^\d+$/.test(value)) {
    return Number(value);
  }
  if (value !== undefined && value !== null) return value;
  if (type === "bool") return false;
  if (/^u?int\d*$/.test(type)) return 0;
  return enumValues(type)?.[0] ?? "";
}
