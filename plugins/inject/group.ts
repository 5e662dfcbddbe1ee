/** `talosctl inject`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["inject"],
  summary: "Add Talos API access to Kubernetes manifests",
  description: `Rewrites manifests on their way to Kubernetes. Nothing is sent to a cluster.`,
  group: "mgmt",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};
