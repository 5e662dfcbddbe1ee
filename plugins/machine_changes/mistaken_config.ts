/** The question before a configuration that is meant for another node or cluster: a mistake that is easily made. */

import type { Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { askBeforehand, canAskBeforehand, type guardFlags } from "../../core/guard_rail.ts";
import type { ConfigValue } from "../../core/machine_config/value.ts";

type AskingContext = Context<typeof guardFlags>;

/**
 * Asks whether to go on, where nodes are of another type than the configuration for them, or where it
 * belongs to another cluster than the credentials.
 *
 * @throws {CliError} when the answer is not yes
 */
export async function askBeforeMistake(
  ctx: AskingContext,
  nodes: readonly string[],
  config: Uint8Array,
): Promise<void> {
  if (!canAskBeforehand(ctx)) return;
  const main = await mainDocumentOf(config);
  if (main === undefined) return;
  const consequences = await isOfAnotherCluster(ctx, main)
    ? nodes.map((node) => `${node}: ${otherCluster}`)
    : await typeChanges(ctx, nodes, main);
  if (consequences.length > 0) await askBeforehand(ctx, "Apply it?", consequences);
}

const otherCluster =
  "the configuration is that of another cluster: this talosconfig will not reach the node any more";

/** Compares the authorities, as far as both sides name one; during an exchange of authorities there are several. */
async function isOfAnotherCluster({ config }: AskingContext, main: ConfigValue): Promise<boolean> {
  const { listAt, textAt } = await import("../../core/machine_config/value.ts");
  const accepted = listAt(main, "machine", "acceptedCAs").map((authority) =>
    textAt(authority, "crt")
  );
  const wanted = [textAt(main, "machine", "ca", "crt"), ...accepted].filter((crt) => crt !== "");
  const { config: { context, contexts } } = await config.open();
  const known = contexts.get(config.flags.context || context)?.ca ?? "";
  return wanted.length > 0 && known !== "" && !wanted.includes(known);
}

async function typeChanges(
  ctx: AskingContext,
  nodes: readonly string[],
  main: ConfigValue,
): Promise<string[]> {
  const { textAt } = await import("../../core/machine_config/value.ts");
  const wanted = textAt(main, "machine", "type");
  if (wanted === "") return [];
  const state = await ctx.talos.nodes(nodes).service("cosi.resource.State");
  const consequences: string[] = [];
  for await (const answer of state.get(machineType)) {
    // What is wrong with the node, or with who asks, the call that follows will say.
    if ("error" in answer) continue;
    const present = answer.value.resource?.spec?.yamlSpec.trim() ?? "";
    const loss = losses[`${present} to ${wanted}`];
    if (loss !== undefined) consequences.push(`${answer.node}: ${loss}`);
  }
  return consequences;
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

/** Undefined where there is none, or the text cannot be read: then nodes will refuse it. */
async function mainDocumentOf(config: Uint8Array): Promise<ConfigValue | undefined> {
  const { loadConfig } = await import("../../core/machine_config/load.ts");
  const { decodeText } = await import("../../core/yaml/decode_text.ts");
  try {
    const documents = await loadConfig(decodeText(config));
    return documents.find(({ kind }) => kind === "")?.value;
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}
