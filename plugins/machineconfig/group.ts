/** `talosctl machineconfig`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["machineconfig"],
  aliases: ["mc"],
  summary: "Generate and patch machine configuration files",
  description: `Works on files only; to change the configuration of a running node use "patch"
or "edit".`,
  group: "mgmt",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};
