/** `talosctl image remove`: take an image off nodes. */

import type { Command } from "../../core/command.ts";
import { containerdInstance } from "../../core/containerd_instance.ts";
import type { namespaceFlags } from "./namespace.ts";

export const remove: Command<object, Record<never, never>, typeof namespaceFlags> = {
  path: ["image", "remove"],
  aliases: ["rm"],
  usage: "<image>",
  summary: "Remove an image from nodes",
  description: 'Removes an image by the name that "image list" prints.',
  example: "  talosctl image remove -n 10.5.0.2 docker.io/library/nginx:1.29",
  args: { rule: "exact", min: 1, max: 1 },
  flags: {},
  targets: "many",

  async *run(context) {
    const { args: [imageRef = ""], flags: { namespace }, talos } = context;
    const nodes = await context.nodes();
    const images = await talos.nodes(nodes).service("machine.ImageService");
    for await (
      const answer of images.remove({ containerd: containerdInstance(namespace), imageRef })
    ) {
      if ("error" in answer) yield answer;
    }
  },
};
