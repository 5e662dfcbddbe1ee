/** What resources follow from in the machine configuration of a node, whichever form it is written in. */

import { toJson } from "../../../core/machine_config/json_value.ts";
import type { ConfigDocument } from "../../../core/machine_config/value.ts";
import type { SandboxNode } from "../node.ts";

const plain = new WeakMap<ConfigDocument, unknown>();

/** The documents of a kind as plain objects; the main document has the kind `v1alpha1`. */
export function configDocuments(node: SandboxNode, kind: string): readonly unknown[] {
  const wanted = kind === "v1alpha1" ? "" : kind;
  return (node.config?.documents ?? []).filter((document) => document.kind === wanted)
    .map(plainForm);
}

/** The value at a path of the documents of a kind, of each that has one. */
export function configValues(node: SandboxNode, kind: string, path: string): readonly unknown[] {
  return configDocuments(node, kind).flatMap((document) => {
    const found = valueAt(document, path);
    return found === undefined || found === null ? [] : [found];
  });
}

/** What stands at a path of keys in a plain object. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce(
    (found, key) =>
      typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined,
    value,
  );
}

function plainForm(document: ConfigDocument): unknown {
  const known = plain.get(document) ?? toJson(document.value);
  plain.set(document, known);
  return known;
}
