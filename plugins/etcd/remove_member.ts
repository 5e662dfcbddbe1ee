/** `talosctl etcd remove-member`: take a member out of etcd that cannot leave by itself. */

import type { Command } from "../../core/command.ts";
import { askBeforehand, guardFlags } from "../../core/guard_rail.ts";
import { formatMemberId, parseMemberId } from "./member_id.ts";

export const removeMember: Command<object, typeof guardFlags> = {
  path: ["etcd", "remove-member"],
  usage: "<member ID>",
  summary: "Remove a member from etcd by its id",
  description: `For members that cannot leave by themselves since their node is gone. The id is
the one that "etcd members" prints. Ask one healthy node: each node named
repeats the removal.`,
  example: "  talosctl etcd remove-member -n 10.5.0.2 a3d5f0127be94c06",
  args: { rule: "exact", min: 1, max: 1 },
  flags: guardFlags,
  targets: "many",

  async *run(context) {
    const [id = ""] = context.args;
    const nodes = await context.nodes();
    const memberId = parseMemberId(id);
    await askBeforehand(context, "Remove it?", [
      `${nodes.join(", ")}: the member ${formatMemberId(memberId)} will be removed from etcd`,
    ]);
    const machine = await context.talos.nodes(nodes).service("machine.MachineService");
    for await (const answer of machine.etcdRemoveMemberByID({ memberId })) {
      if ("error" in answer) yield answer;
    }
  },
};
