/** `$patch: delete` in a patch: what it marks, and the patch without the marks (spec/machine-config.md, 9.3). */

import { CliError } from "../errors.ts";
import type { YamlMapping, YamlNode } from "../yaml/node.ts";
import { topText } from "./read_document.ts";

/** One step to what is to be deleted: a key, or the item of a list that has a value at a key. */
export type PathStep = string | { key: string; value: string; label: string };

/** What a patch deletes; an empty path is the whole document. */
export interface Deletion {
  apiVersion: string;
  kind: string;
  name: string;
  path: readonly PathStep[];
}

/** A path as errors show it, such as `machine.network.interfaces.[0]`. */
export function pathText(path: readonly PathStep[]): string {
  return path.map((step) => typeof step === "string" ? step : step.label).join(".");
}

/**
 * Parts a patch's document into what it deletes and what it merges.
 *
 * @returns `rest` is absent where nothing is left to merge.
 */
export function takeDeletions(root: YamlMapping): { deletions: Deletion[]; rest?: YamlMapping } {
  try {
    return take(root);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const where = `error processing patch delete statements at line ${root.line}`;
    throw new CliError(`${where}: ${error.message}`, { cause: error });
  }
}

function take(root: YamlMapping): { deletions: Deletion[]; rest?: YamlMapping } {
  const apiVersion = topText(root, "apiVersion") ?? "";
  const kind = topText(root, "kind") ?? "";
  const name = topText(root, "name") ?? "";
  if (isMarked(root)) {
    for (const [key, value] of [["apiVersion", apiVersion], ["kind", kind]]) {
      if (value !== "") continue;
      throw new CliError(`missing ${key} in document for which $patch: delete is used`);
    }
    return { deletions: [{ apiVersion, kind, name, path: [] }] };
  }
  const paths: PathStep[][] = [];
  const rest = cleanMapping(root, [], paths);
  for (const path of paths) {
    if ((apiVersion === "") === (kind === "")) continue;
    throw new CliError(`kind and apiVersion must be both set for path ${pathText(path)}`);
  }
  const deletions = paths.map((path) => ({ apiVersion, kind, name, path }));
  return { deletions, ...(rest !== undefined && !isOnlyName(rest) ? { rest } : {}) };
}

function isMarked(node: YamlNode): boolean {
  return node.kind === "mapping" && topText(node, "$patch") === "delete";
}

/** Nothing but words that say which document it is, without all that a document needs. */
function isOnlyName({ pairs }: YamlMapping): boolean {
  return pairs.every(({ key, value }) =>
    key.kind === "scalar" && ["version", "kind", "name"].includes(key.value) &&
    value.kind === "scalar"
  );
}

/** The mapping without marks; nothing where it became empty by that. */
function cleanMapping(
  node: YamlMapping,
  path: readonly PathStep[],
  found: PathStep[][],
): YamlMapping | undefined {
  const pairs = node.pairs.flatMap(({ key, value }) => {
    const step = key.kind === "scalar" ? key.value : "";
    const cleaned = cleanNode(value, [...path, step], found);
    return cleaned === undefined ? [] : [{ key, value: cleaned }];
  });
  if (pairs.length === 0 && node.pairs.length > 0) return undefined;
  return { ...node, pairs };
}

function cleanNode(
  node: YamlNode,
  path: readonly PathStep[],
  found: PathStep[][],
): YamlNode | undefined {
  if (isMarked(node)) {
    if (path.slice(0, -1).some((step) => typeof step !== "string")) {
      throw new CliError(`cannot delete an inner key in '${pathText(path)}'`);
    }
    found.push([...path]);
    return undefined;
  }
  if (node.kind === "mapping") return cleanMapping(node, path, found);
  if (node.kind === "scalar") return node;
  const items = node.items.flatMap((item, index) => {
    const cleaned = cleanNode(item, [...path, itemStep(item, index, path)], found);
    return cleaned === undefined ? [] : [cleaned];
  });
  return items.length === 0 && node.items.length > 0 ? undefined : { ...node, items };
}

function itemStep(item: YamlNode, index: number, path: readonly PathStep[]): PathStep {
  const label = `[${index}]`;
  const pair = item.kind !== "mapping"
    ? undefined
    : item.pairs.find(({ key, value }) =>
      key.kind === "scalar" && key.value !== "$patch" && value.kind === "scalar"
    );
  if (pair?.key.kind === "scalar" && pair.value.kind === "scalar") {
    return { key: pair.key.value, value: pair.value.value, label };
  }
  if (isMarked(item)) {
    throw new CliError(`no key:val found in sequence node for path ${pathText([...path, label])}`);
  }
  return { key: "", value: "", label };
}
