/** `talosctl etcd defrag`: give free space of a member's database back to the disk. */

import type { Command } from "../../core/command.ts";

export const defrag: Command = {
  path: ["etcd", "defrag"],
  summary: "Shrink the etcd database of a node",
  description: `Gives the space of deleted entries back to the disk. The member does not answer
while it works, so take the members one by one and not while the cluster is
busy. "etcd status" shows how much of the file is in use.`,
  example: "  talosctl etcd defrag -n 10.5.0.2",
  args: { rule: "none" },
  flags: {},
  targets: "one",

  async run({ nodes, talos }) {
    const [node = ""] = await nodes();
    const machine = await talos.node(node).service("machine.MachineService");
    await machine.etcdDefragment({});
  },
};
