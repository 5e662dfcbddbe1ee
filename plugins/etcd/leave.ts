/** `talosctl etcd leave`: take a node out of etcd. */

import type { Command } from "../../core/command.ts";
import { askBeforehand, guardFlags } from "../../core/guard_rail.ts";

export const leave: Command<object, typeof guardFlags> = {
  path: ["etcd", "leave"],
  summary: "Have a node leave the etcd cluster",
  description: `Removes the node from etcd and stops etcd on it. For the orderly removal of a
control plane node "reset" does this by itself; for a member whose node is dead
there is "etcd remove-member".`,
  example: "  talosctl etcd leave -n 10.5.0.4",
  args: { rule: "none" },
  flags: guardFlags,
  targets: "one",

  async run(context) {
    const [node = ""] = await context.nodes();
    await askBeforehand(context, "Leave it?", [
      `${node}: leaves the etcd cluster, and its copy of the database will be erased`,
    ]);
    const machine = await context.talos.node(node).service("machine.MachineService");
    await machine.etcdLeaveCluster({});
  },
};
