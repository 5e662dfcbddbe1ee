/** `talosctl wipe disk`: erase disks or partitions of nodes. */

import type { Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { agreedNodes, wipeFlags } from "./ask.ts";

const flags = {
  ...wipeFlags,
  dropPartition: { type: "bool", help: "Delete the partition too, once it is erased" },
  method: {
    type: "string",
    help: "How to erase: FAST (headers only) or ZEROES (everything)",
    default: "FAST",
  },
  skipSecondaryCheck: {
    type: "bool",
    help: "Erase even if another device is built on this one",
    hidden: true,
  },
  skipVolumeCheck: {
    type: "bool",
    help: "Erase even if it is a volume of Talos",
    hidden: true,
  },
} as const satisfies Flags;

export const disk: Command<object, typeof flags> = {
  path: ["wipe", "disk"],
  usage: "<device names>...",
  summary: "Erase disks or partitions",
  description: `Erases block devices, named without /dev/ as "talosctl get discoveredvolumes"
shows them. A device in use, as a volume of Talos or below another device, is
refused. Of several devices none is erased unless all can be.`,
  example: `  talosctl wipe disk -n 10.5.0.3 sdb sdc
  talosctl wipe disk -n 10.5.0.3 sdb1 --drop-partition
  talosctl wipe disk -n 10.5.0.3 sdb --method ZEROES`,
  args: { rule: "min", min: 1 },
  flags,
  targets: "many",
  nodeError: (node, error) => `error wiping device on node ${node}: ${error.message}`,

  async *run(context) {
    const { args, flags, talos } = context;
    await context.nodes();
    const method = wipeMethod(flags.method);
    const { dropPartition, skipSecondaryCheck, skipVolumeCheck } = flags;
    const devices = args.map((device) => ({
      device,
      method,
      dropPartition,
      skipSecondaryCheck,
      skipVolumeCheck,
    }));
    const nodes = await agreedNodes(context, args.join(", "));
    const storage = await talos.nodes(nodes).service("storage.StorageService");
    for await (const answer of storage.blockDeviceWipe({ devices })) {
      if ("error" in answer) yield answer;
    }
  },
};

function wipeMethod(method: string): "FAST" | "ZEROES" {
  if (method === "FAST" || method === "ZEROES") return method;
  throw new CliError(`invalid wipe method "${method}"`);
}
