/** How unknown keys are shown: as a YAML document that holds nothing else. */

import { writeYamlTree } from "../resources/write_tree.ts";
import type { YamlScalar, YamlTree } from "../resources/yaml_tree.ts";
import { compareNaturally } from "../talosconfig/name_order.ts";
import type { YamlNode } from "../yaml/node.ts";

/** Writes what is unknown, keys in their natural order, values as they were written. */
export function writeUnknownKeys(unknown: YamlNode): string {
  return writeYamlTree(treeOf(unknown));
}

function treeOf(node: YamlNode): YamlTree {
  const isFlow = node.kind !== "scalar" && node.isFlow === true;
  switch (node.kind) {
    case "scalar":
      return { kind: "scalar", text: node.value, style: node.style };
    case "sequence":
      return { kind: "sequence", isFlow, items: node.items.map(treeOf) };
    case "mapping": {
      const pairs = node.pairs.map(({ key, value }) => ({ key: keyOf(key), value: treeOf(value) }));
      pairs.sort((left, right) => compareNaturally(left.key.text, right.key.text));
      return { kind: "mapping", isFlow, pairs };
    }
  }
}

function keyOf(node: YamlNode): YamlScalar {
  const text = node.kind === "scalar" ? node.value : "";
  return { kind: "scalar", text, style: "plain" };
}
