/** From YAML nodes to the values of a document, by its schema; what does not fit is collected. */

import { CliError } from "../errors.ts";
import {
  decodePairs,
  decodeString,
  isNull,
  type Problems,
  reportMismatch,
} from "../yaml/decode.ts";
import type { YamlMapping, YamlNode } from "../yaml/node.ts";
import { freeMapping } from "./free_value.ts";
import { integerRange, parseInteger, textReader } from "./scalars.ts";
import { fieldsOf, goTypeName, shapeOf } from "./schema.ts";
import { comparableSize } from "./sizes.ts";
import type { ConfigMap, ConfigValue } from "./value.ts";

/** A decoded node; `value` is absent for null, `unknown` holds only the keys that no struct has. */
export interface Decoded<T = ConfigValue> {
  value?: T;
  unknown?: YamlNode;
}

/** Decodes a node into a type such as `?[]string`; problems are noted, and leave values unset. */
export function decodeNode(node: YamlNode, type: string, problems: Problems): Decoded {
  if (isNull(node)) return {};
  const { type: target, fields, item, value } = shapeOf(type);
  if (fields !== undefined) return decodeStruct(node, target, problems);
  if (item !== undefined) return decodeList(node, { type: target, item }, problems);
  if (value !== undefined) return decodeMap(node, { type: target, value }, problems);
  const scalar = decodeLeaf(node, target, problems);
  return scalar === undefined ? {} : { value: scalar };
}

/** Decodes a mapping into a struct. */
export function decodeStruct(
  node: YamlNode,
  struct: string,
  problems: Problems,
): Decoded<ConfigMap> {
  const fields = fieldsOf(struct);
  const value: ConfigMap = new Map();
  let unknown: YamlMapping | undefined;
  for (const { key: { value: key }, value: child } of decodePairs(node, struct, problems)) {
    const field = fields?.get(key);
    const decoded = field === undefined
      ? { unknown: child }
      : decodeNode(child, field.type, problems);
    if (decoded.value !== undefined) value.set(key, decoded.value);
    if (decoded.unknown !== undefined) addPair(unknown ??= newMapping(node), key, decoded.unknown);
  }
  return unknown === undefined ? { value } : { value, unknown };
}

function decodeList(
  node: YamlNode,
  { type, item }: { type: string; item: string },
  problems: Problems,
): Decoded {
  if (node.kind !== "sequence") {
    reportMismatch(node, goTypeName(type), problems);
    return {};
  }
  const zero = item === "string" ? "" : null;
  const unknown: YamlNode[] = [];
  const value = node.items.map((child) => {
    const decoded = decodeNode(child, item, problems);
    if (decoded.unknown !== undefined) unknown.push(decoded.unknown);
    return trimManifest(decoded.value ?? zero, type);
  });
  if (unknown.length === 0) return { value };
  return { value, unknown: { ...node, isFlow: false, items: unknown } };
}

/** Inline manifests lose the blank lines before their text. */
function trimManifest(item: ConfigValue, listType: string): ConfigValue {
  const contents = item instanceof Map ? item.get("contents") : undefined;
  if (listType !== "v1alpha1.ClusterInlineManifests" || typeof contents !== "string") return item;
  return new Map(item as ConfigMap).set("contents", contents.replace(/^[\t\n\v\f\r]+/, ""));
}

function decodeMap(
  node: YamlNode,
  { type, value: inner }: { type: string; value: string },
  problems: Problems,
): Decoded {
  const goType = goTypeName(type);
  if (node.kind !== "mapping") {
    reportMismatch(node, goType, problems);
    return {};
  }
  const value: ConfigMap = new Map();
  let unknown: YamlMapping | undefined;
  for (const { key: { value: key }, value: child } of decodePairs(node, goType, problems)) {
    const decoded = decodeNode(child, inner, problems);
    value.set(key, decoded.value ?? (inner === "string" ? "" : null));
    if (decoded.unknown !== undefined) addPair(unknown ??= newMapping(node), key, decoded.unknown);
  }
  return unknown === undefined ? { value } : { value, unknown };
}

function decodeLeaf(node: YamlNode, type: string, problems: Problems): ConfigValue | undefined {
  switch (type) {
    case "string":
      return decodeString(node, problems);
    case "bool":
      return decodeBool(node, problems);
    case "meta.Unstructured":
      return freeMapping(node, problems);
    case "meta.ArgValue":
      return decodeArgument(node, problems);
    case "os.FileMode":
    case "v1alpha1.FileMode":
    case "runtime.EtcFileMode":
      return decodeInteger(node, "uint32", problems);
    case "time.Duration":
      return decodeDuration(node, problems);
  }
  if (integerRange(type) !== undefined) return decodeInteger(node, type, problems);
  if (node.kind !== "scalar") {
    reportMismatch(node, goTypeName(type), problems);
    return undefined;
  }
  try {
    if (type === "v1alpha1.DiskSize") return comparableSize(node.value) ?? 0;
    return textReader(type)?.(node.value, type) ?? node.value;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    problems.push({ line: node.line, text: error.message });
    return undefined;
  }
}

function decodeBool(node: YamlNode, problems: Problems): boolean | undefined {
  if (node.kind === "scalar" && /^(true|yes|on|y)$/i.test(node.value)) return true;
  if (node.kind === "scalar" && /^(false|no|off|n)$/i.test(node.value)) return false;
  reportMismatch(node, "bool", problems);
  return undefined;
}

function decodeInteger(
  node: YamlNode,
  type: string,
  problems: Problems,
): number | bigint | undefined {
  const range = integerRange(type);
  const value = node.kind === "scalar" && node.tag !== "!!str"
    ? parseInteger(node.value)
    : undefined;
  if (range === undefined || value === undefined || value < range.least || value > range.most) {
    reportMismatch(node, type, problems);
    return undefined;
  }
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function decodeDuration(node: YamlNode, problems: Problems): string | undefined {
  try {
    if (node.kind === "scalar" && node.tag !== "!!int") {
      return textReader("time.Duration")?.(node.value, "time.Duration");
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
  reportMismatch(node, "time.Duration", problems);
  return undefined;
}

function decodeArgument(node: YamlNode, problems: Problems): ConfigValue | undefined {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "sequence" && node.items.every((item) => item.kind === "scalar")) {
    return node.items.map((item) => decodeString(item, problems));
  }
  const text = "arg value must be a string or list of strings";
  problems.push({ line: node.line, text });
  return undefined;
}

function newMapping({ line }: YamlNode): YamlMapping {
  return { kind: "mapping", tag: "!!map", pairs: [], line };
}

function addPair(mapping: YamlMapping, key: string, value: YamlNode): void {
  const keyNode = {
    kind: "scalar",
    tag: "!!str",
    value: key,
    style: "plain",
    line: value.line,
  } as const;
  mapping.pairs.push({ key: keyNode, value });
}
