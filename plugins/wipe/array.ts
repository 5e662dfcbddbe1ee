/** `talosctl wipe md`: remove a software RAID array. */

import type { Command } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { agreedNodes, wipeFlags } from "./ask.ts";

export const array: Command<object, typeof wipeFlags> = {
  path: ["wipe", "md"],
  usage: "<device>",
  summary: "Stop and erase a software RAID array",
  description: "Removes an md array and the data on it. The device is given by its full path.",
  example: "  talosctl wipe md -n 10.5.0.3 /dev/md0",
  args: { rule: "exact", min: 1, max: 1 },
  flags: wipeFlags,
  targets: "many",

  async *run(context) {
    const { args: [device = ""], talos } = context;
    if (!device.startsWith("/dev/")) throw new CliError("md device must be a full /dev path");
    const nodes = await agreedNodes(context, `array ${device}`);
    const arrays = await talos.nodes(nodes).service("machine.MDService");
    for await (const answer of arrays.destroy({ device })) {
      if ("error" in answer) yield answer;
    }
  },
};
