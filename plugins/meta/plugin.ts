/** The `meta` command group: values in the META partition of nodes. */

import type { Plugin } from "../../core/plugin.ts";
import { group } from "./group.ts";
import { metaDelete } from "./delete.ts";
import { write } from "./write.ts";

export default {
  name: "meta",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(metaDelete);
    registry.command(write);
  },
} satisfies Plugin;
