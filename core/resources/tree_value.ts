/** From the tree of a YAML document to its data. */

import type { Value } from "../output/value.ts";
import { plainScalarValue } from "./plain_scalar.ts";
import type { YamlScalar, YamlTree } from "./yaml_tree.ts";

/** The data of a document: plain scalars have types, all others are strings, keys always are. */
export function treeToValue(tree: YamlTree): Value {
  switch (tree.kind) {
    case "scalar":
      return scalarValue(tree);
    case "sequence":
      return tree.items.map(treeToValue);
    case "mapping":
      return new Map(tree.pairs.map(({ key, value }) => [key.text, treeToValue(value)]));
  }
}

function scalarValue({ text, style, tag }: YamlScalar): Value {
  if (tag === "!!binary") {
    // Bytes that are no UTF-8 travel this way; JSON has no other place for them than text.
    return new TextDecoder().decode(Uint8Array.fromBase64(text.replaceAll(/\s/g, "")));
  }
  return style === "plain" && tag === undefined ? plainScalarValue(text) : text;
}
