/** An item as the document that `-o yaml` prints and `-o json` is read from. */

import { compareCodePoints } from "../output/code_point_order.ts";
import { scalarStyle } from "../output/go_yaml_scalar.ts";
import { type ResourceItem, specTree } from "./item.ts";
import type { YamlMapping, YamlParser, YamlScalar, YamlTree } from "./yaml_tree.ts";

/**
 * The document `metadata`, `spec` (spec/resources.md, 5.3).
 *
 * @throws {CliError} when the item has no spec.
 */
export function itemTree(item: ResourceItem, parse: YamlParser): YamlMapping {
  return mapping([["metadata", metadataTree(item)], ["spec", specTree(item, parse)]]);
}

function metadataTree(item: ResourceItem): YamlMapping {
  const { namespace, type, id, version, owner, phase, created, updated } = item;
  const fields = { namespace, type, id, version, owner, phase, created, updated };
  const pairs: [string, YamlTree][] = Object.entries(fields).map((
    [name, text],
  ) => [name, untyped(text)]);
  for (const name of ["labels", "annotations"] as const) {
    const members = Object.entries(item[name]);
    if (members.length === 0) continue;
    members.sort(([left], [right]) => compareCodePoints(left, right));
    pairs.push([name, mapping(members.map(([key, text]) => [key, untyped(text)]))]);
  }
  if (item.finalizers.length > 0) {
    const items = item.finalizers.map(untyped);
    pairs.push(["finalizers", { kind: "sequence", isFlow: false, items }]);
  }
  return mapping(pairs);
}

function mapping(pairs: readonly (readonly [string, YamlTree])[]): YamlMapping {
  return {
    kind: "mapping",
    isFlow: false,
    pairs: pairs.map(([key, value]) => ({ key: untyped(key), value })),
  };
}

/** Plain wherever it can be, also where it reads back as a number: the form of metadata. */
function untyped(text: string): YamlScalar {
  const style = text === "" ? "plain" : scalarStyle(text, { isUntyped: true });
  return { kind: "scalar", text, style };
}
