/** The configuration that a node has, for those who change a part of it (spec/machine-ops.md, 4.1). */

import type { Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { findDefinition, listDefinitions } from "../../core/resources/definitions.ts";
import { loadYamlParser } from "../../core/resources/yaml_tree.ts";
import { checkServerVersions } from "../../core/version_check.ts";

/** The type's full name, as texts for users have it. */
export const configType = "MachineConfigs.config.talos.dev";

/** The configuration of whatever node is asked for. */
export type ConfigReader = (node: string) => Promise<string>;

/**
 * What has to be right before the first node is looked at: versions, and the type that the user names.
 *
 * @returns How to get the configuration of each node.
 */
export async function openConfigs(
  ctx: Pick<Context, "args" | "talos" | "note" | "version">,
  nodes: readonly string[],
): Promise<ConfigReader> {
  const { args: [word = ""], talos } = ctx;
  await checkServerVersions(ctx, nodes);
  const definition = findDefinition(await listDefinitions(talos, nodes[0] ?? ""), word);
  if (definition.type !== configType) {
    throw new CliError("only machineconfig resource type is supported");
  }
  return (node) => readConfig(ctx, node, definition.defaultNamespace);
}

async function readConfig(
  { talos }: Pick<Context, "talos">,
  node: string,
  namespace: string,
): Promise<string> {
  const state = await talos.node(node).service("cosi.resource.State");
  try {
    const { resource } = await state.get({ namespace, type: configType, id: "v1alpha1" });
    const yamlSpec = resource?.spec?.yamlSpec ?? "";
    // Older nodes send the configuration itself, not a text that holds it.
    if (Object.keys(resource?.metadata?.annotations ?? {}).length === 0) return yamlSpec;
    const parse = await loadYamlParser();
    const spec = parse(yamlSpec);
    return spec?.kind === "scalar" ? spec.text : yamlSpec;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const what = `error getting resource on node ${node}`;
    throw new CliError(`${what}: ${error.message}`, { cause: error });
  }
}
