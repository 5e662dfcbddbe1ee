/** `talosctl wipe`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["wipe"],
  summary: "Erase disks, volumes and arrays of nodes",
  description: `Erases storage that Talos itself does not use. On a terminal each of the commands
asks first; scripts are not asked. To erase a node as a whole, see "reset".`,
  group: "talos",
  args: { rule: "none" },
  flags: {},
  targets: "none",
};
