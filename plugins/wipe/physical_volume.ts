/** `talosctl wipe pv`: remove an LVM physical volume. */

import type { Command } from "../../core/command.ts";
import { agreedNodes, wipeFlags } from "./ask.ts";

export const physicalVolume: Command<object, typeof wipeFlags> = {
  path: ["wipe", "pv"],
  usage: "<device>",
  summary: "Remove an LVM physical volume",
  description: `Takes the LVM label off a device, which must not belong to a volume group any
more. The device is given by its full path.`,
  example: "  talosctl wipe pv -n 10.5.0.3 /dev/sdb",
  args: { rule: "exact", min: 1, max: 1 },
  flags: wipeFlags,
  targets: "many",

  async *run(context) {
    const { args: [device = ""], talos } = context;
    const nodes = await agreedNodes(context, `the LVM label of ${device}`);
    const lvm = await talos.nodes(nodes).service("machine.LVMService");
    for await (const answer of lvm.physicalVolumeRemove({ device })) {
      if ("error" in answer) yield answer;
    }
  },
};
