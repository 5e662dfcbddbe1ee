/** `talosctl cluster`: the group, with the flags that say which local cluster is meant. */

import { clusterFlags } from "../../core/cluster_flags.ts";
import type { Command } from "../../core/command.ts";

export const cluster: Command<object, typeof clusterFlags> = {
  path: ["cluster"],
  summary: "Create and manage local clusters",
  description:
    `Clusters for development and tests on this machine: simulated ones in one process, containers, or
virtual machines.

What is known of them is kept below --state, in a folder for each --name; none of these commands
looks into the talosconfig to find a cluster.`,
  group: "cluster",
  args: { rule: "unchecked" },
  flags: clusterFlags,
  targets: "none",
};
