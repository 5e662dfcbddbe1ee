/** `talosctl wipe vg`: remove an LVM volume group. */

import type { Command } from "../../core/command.ts";
import { agreedNodes, wipeFlags } from "./ask.ts";

export const volumeGroup: Command<object, typeof wipeFlags> = {
  path: ["wipe", "vg"],
  usage: "<name>",
  summary: "Remove an LVM volume group",
  description: `Removes a volume group by its name. Its physical volumes stay: see "wipe pv".`,
  example: "  talosctl wipe vg -n 10.5.0.3 data",
  args: { rule: "exact", min: 1, max: 1 },
  flags: wipeFlags,
  targets: "many",

  async *run(context) {
    const { args: [name = ""], talos } = context;
    const nodes = await agreedNodes(context, `volume group ${name}`);
    const lvm = await talos.nodes(nodes).service("machine.LVMService");
    for await (const answer of lvm.volumeGroupRemove({ volumeGroup: name })) {
      if ("error" in answer) yield answer;
    }
  },
};
