/** The `image` command group: container images on nodes. */

import type { Plugin } from "../../core/plugin.ts";
import { group } from "./group.ts";
import { list } from "./list.ts";
import { pull } from "./pull.ts";
import { remove } from "./remove.ts";

export default {
  name: "image",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(list);
    registry.command(pull);
    registry.command(remove);
  },
} satisfies Plugin;
