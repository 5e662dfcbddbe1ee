/** Has nodes pull an image and reports how far they are: for all commands that need an image on nodes (spec/machine-ops.md, 10.2). */

import type { Context } from "../command.ts";
import { containerdInstance, legacyNamespace } from "../containerd_instance.ts";
import { CliError, RpcError } from "../errors.ts";
import { joinFailures } from "../join_failures.ts";
import { compareCodePoints } from "../output/code_point_order.ts";
import { type Layers, layersText } from "./layers.ts";

/** What is pulled, and by whom. */
export interface ImagePull {
  nodes: readonly string[];
  /** As `--namespace` names it: `cri`, `system` or `inmem`. */
  namespace: string;
  /** As the user wrote it: nodes complete short names. */
  image: string;
  /** Every step of every layer is reported; else only the end. */
  showsLayers: boolean;
}

/** The parts of a command's context that pulling takes. */
export type PullContext = Pick<Context, "talos" | "progress">;

/**
 * Has all nodes pull at once, and waits for all of them. Where one does not know the image service, all are asked in the
 * older way, which reports nothing.
 *
 * @returns The name with the digest, by node; none of nodes that were asked in the older way.
 * @throws {CliError} One line a node that failed, in order of arrival; the others have been reported.
 */
export async function pullImage(
  { talos, progress }: PullContext,
  pull: ImagePull,
): Promise<ReadonlyMap<string, string>> {
  const containerd = containerdInstance(pull.namespace);
  const images = await talos.nodes(pull.nodes).service("machine.ImageService");
  const names = new Map<string, string>();
  const layers = new Map<string, Layers>();
  const failures: CliError[] = [];
  for await (const answer of images.pull({ containerd, imageRef: pull.image })) {
    const { node } = answer;
    if ("error" in answer) {
      const { error: cause } = answer;
      if (cause instanceof RpcError && cause.code === "Unimplemented") {
        await pullOnOldNodes({ talos }, pull);
        return new Map();
      }
      failures.push(new CliError(`error from node ${node}: ${cause.message}`, { cause }));
      continue;
    }
    const { name, pullProgress } = answer.value;
    if (name !== undefined) names.set(node, name);
    if (pullProgress?.progress === undefined || !pull.showsLayers) continue;
    const ofNode: Layers = layers.get(node) ?? new Map();
    layers.set(node, ofNode.set(pullProgress.layerId, pullProgress.progress));
    progress.update(layersText(layers));
  }
  if (names.size > 0) progress.update(namesText(names), "succeeded");
  if (failures.length > 0) throw joinFailures(failures);
  return names;
}

function namesText(names: ReadonlyMap<string, string>): string {
  return [...names].sort(([one], [other]) => compareCodePoints(one, other))
    .map(([node, name]) => `${node}: pulled image ${name}`).join("\n");
}

async function pullOnOldNodes(
  { talos }: Pick<PullContext, "talos">,
  { nodes, namespace, image: reference }: ImagePull,
): Promise<void> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  const failures: CliError[] = [];
  for await (
    const answer of machine.imagePull({ namespace: legacyNamespace(namespace), reference })
  ) {
    if (!("error" in answer)) continue;
    const { node, error: cause } = answer;
    failures.push(new CliError(`error pulling image on node ${node}: ${cause.message}`, { cause }));
  }
  if (failures.length > 0) throw joinFailures(failures);
}
