/** `talosctl image`: the group itself, which prints its help. */

import type { Command } from "../../core/command.ts";
import { namespaceFlags } from "./namespace.ts";

export const group: Command<object, typeof namespaceFlags> = {
  path: ["image"],
  aliases: ["images"],
  summary: "Manage container images on nodes, and bundles of them",
  description: `Lists, pulls and removes images on nodes; and offline, lists the images that
Kubernetes and Talos need and makes a cache of them for machines without access
to registries.`,
  group: "talos",
  args: { rule: "none" },
  flags: namespaceFlags,
  targets: "none",
};
