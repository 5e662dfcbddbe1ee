/** `talosctl cluster show`: the network and the nodes of a local cluster. */

import type { clusterFlags } from "../../core/cluster_flags.ts";
import { type ClusterNode, type ClusterState, readClusterState } from "../../core/cluster_state.ts";
import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { formatBytes } from "../../core/output/sizes.ts";
import { formatTable } from "../../core/output/table.ts";

const flags = {
  provisioner: {
    type: "string",
    help: "What the cluster runs in; read from its state if not given",
    default: "docker",
  },
} as const satisfies Flags;

export const show: Command<ClusterState, typeof flags, typeof clusterFlags> = {
  path: ["cluster", "show"],
  summary: "Show the network and the nodes of a local cluster",
  description:
    `Show the network, the Kubernetes endpoint and the nodes of a cluster made by "cluster create", with
the CPUs, memory and disk that were given to each node.`,
  example: `  talosctl cluster show
  talosctl cluster show --name lab -o json`,
  args: { rule: "none" },
  flags,
  targets: "none",
  nameOf: ({ clusterName }) => clusterName,
  text: clusterText,

  async run({ flags, given, host }) {
    const provisioners = (await host.provisioners()).map(({ name }) => name);
    if (given.has("provisioner") && !provisioners.includes(flags.provisioner)) {
      throw new CliError(`unsupported provisioner "${flags.provisioner}"`, {
        hint: `available here: ${provisioners.join(", ")}`,
      });
    }
    const state = await readClusterState(flags.state, flags.name);
    if (given.has("provisioner") && flags.provisioner !== state.provisionerName) {
      throw new CliError(
        `cluster "${flags.name}" was created with different provisioner "${state.provisionerName}"`,
      );
    }
    return state;
  },
};

/** The layout of spec/cluster-ops.md, 9.5. */
function clusterText(
  { provisionerName, clusterName, network, kubernetesEndpoint, nodes }: ClusterState,
) {
  const facts = formatTable([
    ["PROVISIONER", provisionerName],
    ["NAME", clusterName],
    ["NETWORK NAME", network.name],
    ["NETWORK CIDR", network.cidrs.join(",")],
    ["NETWORK GATEWAY", network.gatewayAddresses.join(",")],
    ["NETWORK MTU", String(network.mtu)],
    ["KUBERNETES ENDPOINT", kubernetesEndpoint],
  ]);
  const rows = nodes.toSorted((a, b) => a.name < b.name ? -1 : 1).map(nodeRow);
  const table = formatTable([["NAME", "TYPE", "IP", "CPU", "RAM", "DISK"], ...rows]);
  return `${facts}\nNODES:\n\n${table}`;
}

function nodeRow(
  { name, type, addresses, nanoCpus, memoryBytes, diskBytes }: ClusterNode,
): string[] {
  return [
    name,
    type,
    addresses.join(","),
    nanoCpus === 0 ? "-" : (nanoCpus / 1e9).toFixed(2),
    memoryBytes === 0 ? "-" : formatBytes(memoryBytes),
    diskBytes === 0 ? "-" : formatBytes(diskBytes),
  ];
}
