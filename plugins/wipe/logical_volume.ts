/** `talosctl wipe lv`: remove an LVM logical volume. */

import type { Command } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { agreedNodes, wipeFlags } from "./ask.ts";

export const logicalVolume: Command<object, typeof wipeFlags> = {
  path: ["wipe", "lv"],
  usage: "<vg/lv>",
  summary: "Remove an LVM logical volume",
  description: `Removes one logical volume and the data on it, named by its volume group and its
own name.`,
  example: "  talosctl wipe lv -n 10.5.0.3 data/scratch",
  args: { rule: "exact", min: 1, max: 1 },
  flags: wipeFlags,
  targets: "many",

  async *run(context) {
    const { args: [name = ""], talos } = context;
    const at = name.indexOf("/");
    if (at < 0) throw new CliError(`invalid logical volume "${name}", expected <vg>/<lv>`);
    const request = { volumeGroup: name.slice(0, at), logicalVolume: name.slice(at + 1) };
    const nodes = await agreedNodes(context, `logical volume ${name}`);
    const lvm = await talos.nodes(nodes).service("machine.LVMService");
    for await (const answer of lvm.logicalVolumeRemove(request)) {
      if ("error" in answer) yield answer;
    }
  },
};
