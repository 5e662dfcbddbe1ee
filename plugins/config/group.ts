/** `talosctl config`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["config"],
  summary: "Manage the talosconfig: contexts, endpoints and nodes",
  description: `The talosconfig holds a context for each cluster: where it is reached, who you
are there, and which nodes are asked by default. These commands change the file
and, but for "config new", ask no node.`,
  group: "talos",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};
