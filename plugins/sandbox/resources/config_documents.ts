/** What resources follow from in the machine configuration of a node, whichever form it is written in. */

import { loadAll, YAMLException } from "js-yaml";
import type { NodeConfig, SandboxNode } from "../node.ts";

const read = new WeakMap<NodeConfig, readonly unknown[]>();

/** The value at a path of the documents of a kind, of each that has one; the main document has the kind `v1alpha1`. */
export function configValues(node: SandboxNode, kind: string, path: string): readonly unknown[] {
  return documentsOf(node).flatMap((document) => {
    if ((valueAt(document, "kind") ?? valueAt(document, "version")) !== kind) return [];
    const found = path.split(".").reduce(valueAt, document);
    return found === undefined || found === null ? [] : [found];
  });
}

function documentsOf({ config }: SandboxNode): readonly unknown[] {
  if (config === undefined) return [];
  const documents = read.get(config) ?? parse(config.text);
  read.set(config, documents);
  return documents;
}

function parse(text: string): readonly unknown[] {
  try {
    return loadAll(text);
  } catch (error) {
    // Nodes take valid ones only; a test may give a node whatever it likes, from which nothing follows.
    if (error instanceof YAMLException) return [];
    throw error;
  }
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
