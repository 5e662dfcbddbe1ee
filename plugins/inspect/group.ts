/** `talosctl inspect`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["inspect"],
  summary: "Look into how a node works inside",
  group: "talos",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};
