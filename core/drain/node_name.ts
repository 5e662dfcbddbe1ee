/** The name by which Kubernetes knows a node. */

import type { Talos } from "../client/talos.ts";
import { withPrefix } from "../error_prefix.ts";
import { CliError } from "../errors.ts";
import { readItem, specTree } from "../resources/item.ts";
import { loadYamlParser } from "../resources/yaml_tree.ts";

/**
 * Asks the node itself.
 *
 * @param node As the user spelled it.
 * @throws {CliError} `error resolving Kubernetes node name for <node>: …`
 */
export async function kubernetesNodeName(
  talos: Talos,
  node: string,
  signal: AbortSignal,
): Promise<string> {
  return await withPrefix(
    `error resolving Kubernetes node name for ${node}: error getting Kubernetes node name from Talos API`,
    readNodeName(talos, node, signal),
  );
}

async function readNodeName(talos: Talos, node: string, signal: AbortSignal): Promise<string> {
  const state = await talos.node(node).service("cosi.resource.State");
  const type = "Nodenames.kubernetes.talos.dev";
  const { resource } = await state.get({ namespace: "k8s", type, id: "nodename" }, { signal });
  const spec = specTree(readItem(resource), await loadYamlParser());
  const pairs = spec.kind === "mapping" ? spec.pairs : [];
  const value = pairs.find(({ key }) => key.text === "nodename")?.value;
  if (value?.kind !== "scalar" || value.text === "") throw new CliError("the resource has no name");
  return value.text;
}
