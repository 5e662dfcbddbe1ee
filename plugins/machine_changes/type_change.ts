/** The question before a control plane is made a worker, or the other way round: a mistake that is easily made. */

import type { Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { askBeforehand, canAskBeforehand, type guardFlags } from "../../core/guard_rail.ts";

/**
 * Asks whether to go on, where nodes are of another type than the configuration for them.
 *
 * @throws {CliError} when the answer is not yes
 */
export async function askBeforeTypeChange(
  ctx: Context<typeof guardFlags>,
  nodes: readonly string[],
  config: Uint8Array,
): Promise<void> {
  if (!canAskBeforehand(ctx)) return;
  const wanted = await machineTypeOf(config);
  if (wanted === undefined) return;
  const state = await ctx.talos.nodes(nodes).service("cosi.resource.State");
  const consequences: string[] = [];
  for await (const answer of state.get(machineType)) {
    // What is wrong with the node, or with who asks, the call that follows will say.
    if ("error" in answer) continue;
    const present = answer.value.resource?.spec?.yamlSpec.trim() ?? "";
    const loss = losses[`${present} to ${wanted}`];
    if (loss !== undefined) consequences.push(`${answer.node}: ${loss}`);
  }
  if (consequences.length > 0) await askBeforehand(ctx, "Apply it?", consequences);
}

const machineType = {
  namespace: "config",
  type: "MachineTypes.config.talos.dev",
  id: "machine-type",
};

const losses: Readonly<Record<string, string>> = {
  "controlplane to worker":
    "a control plane node would become a worker: etcd and the Kubernetes control plane end there",
  "worker to controlplane":
    "a worker would become a control plane node: it joins etcd and gets the keys of the cluster",
};

/** Undefined where it says nothing about it, or cannot be read: then nodes will refuse it. */
async function machineTypeOf(config: Uint8Array): Promise<string | undefined> {
  const { loadConfig } = await import("../../core/machine_config/load.ts");
  const { textAt } = await import("../../core/machine_config/value.ts");
  const { decodeText } = await import("../../core/yaml/decode_text.ts");
  try {
    const documents = await loadConfig(decodeText(config));
    return textAt(documents.find(({ kind }) => kind === "")?.value, "machine", "type");
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}
