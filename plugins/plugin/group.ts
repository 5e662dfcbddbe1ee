/** `talosctl plugin`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["plugin"],
  summary: "Add and manage plugins: commands from third parties",
  description: `Plugins are folders of TypeScript or JavaScript that add commands. Each runs on
its own, with what you approved when it was added and nothing else: a plugin sees
no keys, and its code has to stay as it was approved.

They are kept in $XDG_DATA_HOME/talos/plugins, or in the folders of the path list
TALOSCTL_PLUGINS. Executables on PATH that are called talosctl-NAME add commands
too, and run with all your rights.`,
  group: "mgmt",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};
