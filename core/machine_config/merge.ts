/** Strategic merge of one document into another, type by type (spec/machine-config.md, 9.2). */

import { CliError } from "../errors.ts";
import { mergeFree } from "./merge_free.ts";
import { type Field, fieldsOf, itemType, pointerOf, valueType } from "./schema.ts";
import type { ConfigMap, ConfigValue } from "./value.ts";
import { isZero } from "./zero.ts";

/** Types of which the patch's value counts even where the patch does not name it. */
const alwaysReplaced: readonly string[] = ["bool", "block.ByteSize", "cel.Expression"];

/** Merges `right` into `left`, which is changed. */
export function mergeStruct(left: ConfigMap, right: ConfigMap, struct: string): void {
  for (const [key, field] of fieldsOf(struct) ?? []) {
    const merged = inField(struct, key, () => mergeField(left.get(key), right.get(key), field));
    if (merged === undefined) left.delete(key);
    else left.set(key, merged);
  }
}

function mergeField(
  left: ConfigValue | undefined,
  right: ConfigValue | undefined,
  { type, isPointer, mergeReplace }: Field,
): ConfigValue | undefined {
  if (right === undefined) {
    if (isPointer || left === undefined) return left;
    if (left instanceof Map && fieldsOf(type) !== undefined) mergeStruct(left, new Map(), type);
    return alwaysReplaced.includes(type) ? undefined : left;
  }
  if (mergeReplace && (itemType(type) !== undefined || !isZero(right, type))) return right;
  if (isPointer && fieldsOf(type) === undefined) return right;
  return merge(left, right, type);
}

function merge(left: ConfigValue | undefined, right: ConfigValue, type: string): ConfigValue {
  if (left === undefined || left === null) return right;
  const item = itemType(type);
  if (item !== undefined) return mergeList(left, right, { type, item });
  if (!(left instanceof Map) || !(right instanceof Map)) {
    return mergeScalar(left, right, type);
  }
  if (fieldsOf(type) !== undefined) mergeStruct(left, right, type);
  else if (type === "meta.Unstructured") inField(type, "object", () => mergeFree(left, right));
  else mergeMap(left, right, type);
  return left;
}

function mergeScalar(left: ConfigValue, right: ConfigValue, type: string): ConfigValue {
  const isReplaced = alwaysReplaced.includes(type) || type === "base64" || type === "block.Size";
  return isReplaced || !isZero(right, type) ? right : left;
}

function mergeMap(left: ConfigMap, right: ConfigMap, type: string): void {
  const inner = valueType(type) ?? "any";
  for (const [key, value] of right) {
    const isArgument = inner === "meta.ArgValue";
    left.set(key, isArgument ? value : merge(left.get(key), value, pointerOf(inner).type));
  }
}

/** How an item of a list is found in another list. */
interface ListKey {
  isSame: (left: ConfigMap, right: ConfigMap) => boolean;
  isReplaced?: true;
}

const sameText = (key: string) => (left: ConfigMap, right: ConfigMap) =>
  left.get(key) !== undefined && left.get(key) === right.get(key);

const listKeys: Readonly<Record<string, ListKey>> = {
  "v1alpha1.NetworkDeviceList": { isSame: isSameInterface },
  "v1alpha1.VlanList": { isSame: sameText("vlanId") },
  "v1alpha1.AdmissionPluginConfigList": { isSame: sameText("name") },
  "extensions.ConfigFileList": { isSame: sameText("mountPath") },
  "security.ImageVerificationRules": { isSame: sameText("image"), isReplaced: true },
};

function isSameInterface(left: ConfigMap, right: ConfigMap): boolean {
  if (!isZero(right.get("interface"), "string")) return sameText("interface")(left, right);
  const selector = right.get("deviceSelector");
  return selector !== undefined && isZero(left.get("interface"), "string") &&
    isEqual(left.get("deviceSelector"), selector);
}

function isEqual(left: ConfigValue | undefined, right: ConfigValue | undefined): boolean {
  if (left instanceof Map && right instanceof Map) {
    return left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && isEqual(value, right.get(key)));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index]));
  }
  return left === right;
}

function mergeList(
  left: ConfigValue,
  right: ConfigValue,
  { type, item }: { type: string; item: string },
): ConfigValue {
  const items = Array.isArray(left) ? left : [];
  const key = listKeys[type];
  for (const added of Array.isArray(right) ? right : []) {
    const index = items.findIndex((each) =>
      key !== undefined && each instanceof Map && added instanceof Map && key.isSame(each, added)
    );
    const found = items[index];
    if (found === undefined || key?.isReplaced) {
      items.splice(index < 0 ? items.length : index, 1, added);
    } else merge(found, added, pointerOf(item).type);
  }
  return items;
}

/** Go's names of fields, where errors show them and they are not the key with a capital letter. */
const goFieldNames: Readonly<Record<string, string>> = {
  "v1alpha1.Config.machine": "MachineConfig",
  "v1alpha1.Config.cluster": "ClusterConfig",
  "v1alpha1.ClusterConfig.apiServer": "APIServerConfig",
  "v1alpha1.APIServerConfig.admissionControl": "AdmissionControlConfig",
  "v1alpha1.AdmissionPluginConfig.configuration": "PluginConfiguration",
};

function inField<T>(struct: string, key: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const field = goFieldNames[`${struct}.${key}`] ?? key.charAt(0).toUpperCase() + key.slice(1);
    throw new CliError(`merge field ${struct}.${field}: ${error.message}`, { cause: error });
  }
}
