/** `talosctl image pull`: have nodes pull an image, with the layers' progress on a terminal. */

import type { Command } from "../../core/command.ts";
import { pullImage } from "../../core/image_pull/pull_image.ts";
import type { namespaceFlags } from "./namespace.ts";

export const pull: Command<object, Record<never, never>, typeof namespaceFlags> = {
  path: ["image", "pull"],
  aliases: ["p"],
  usage: "<image>",
  summary: "Pull an image to nodes",
  description: "Has each node pull an image, so that it is there when a pod asks for it.",
  example: "  talosctl image pull -n 10.5.0.2,10.5.0.3 docker.io/library/nginx:1.29",
  args: { rule: "exact", min: 1, max: 1 },
  flags: {},
  targets: "many",

  async run(context) {
    const { args: [image = ""], flags: { namespace }, out } = context;
    const nodes = await context.nodes();
    await pullImage(context, { nodes, namespace, image, showsLayers: out.stderr.isTerminal });
  },
};
