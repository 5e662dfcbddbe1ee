/** `talosctl etcd forfeit-leadership`: have another member lead. */

import type { Command } from "../../core/command.ts";

export const forfeitLeadership: Command = {
  path: ["etcd", "forfeit-leadership"],
  summary: "Have a node hand the leadership of etcd to another",
  description: `Another member leads from then on. Nothing happens on a node that is not the
leader; "etcd status" shows who is.`,
  example: "  talosctl etcd forfeit-leadership -n 10.5.0.2",
  args: { rule: "none" },
  flags: {},
  targets: "many",

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    for await (const answer of machine.etcdForfeitLeadership({})) {
      if ("error" in answer) yield answer;
    }
  },
};
