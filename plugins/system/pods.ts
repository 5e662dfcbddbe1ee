/** Which network belongs to which pod, as the nodes' lists of containers tell it. */

import { kubernetesContainers } from "../../core/client/container_source.ts";
import type { Talos } from "../../core/client/talos.ts";
import { CliError } from "../../core/errors.ts";
import { joinFailures } from "../../core/join_failures.ts";
import type { ContainerInfo } from "../../proto/gen/machine/machine.ts";

/** The pods of one node: the pod's id by the name of its network namespace. */
export type PodNetworks = ReadonlyMap<string, string>;

/** Whether this is a running pod with a network of its own (spec/machine-read.md, 8). */
export function hasOwnNetwork(
  { networkNamespace, pid, id, podId }: Pick<
    ContainerInfo,
    "networkNamespace" | "pid" | "id" | "podId"
  >,
): boolean {
  return networkNamespace !== "" && pid !== 0 && id === podId;
}

/**
 * The pods of each node, in order of arrival.
 *
 * @throws {CliError} naming every node that failed: without its pods no socket can be told apart.
 */
export async function findPodNetworks(
  talos: Talos,
  nodes: readonly string[],
): Promise<Map<string, PodNetworks>> {
  const machine = await talos.nodes(nodes).service("machine.MachineService");
  const networks = new Map<string, PodNetworks>();
  const failures: CliError[] = [];
  for await (const answer of machine.containers(kubernetesContainers)) {
    if ("error" in answer) {
      const { node, error } = answer;
      const text = `error getting containers from node ${node}: ${error.message}`;
      failures.push(new CliError(text, { cause: error }));
      continue;
    }
    const pods = answer.value.messages.flatMap(({ containers }) => containers)
      .filter(hasOwnNetwork);
    networks.set(answer.node, new Map(pods.map((pod) => [pod.networkNamespace, pod.podId])));
  }
  if (failures.length > 0) throw joinFailures(failures);
  return networks;
}
