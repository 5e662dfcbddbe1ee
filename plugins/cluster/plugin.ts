/** The `cluster` command group: local clusters of any provisioner. */

import type { Plugin } from "../../core/plugin.ts";
import { cluster } from "./cluster.ts";
import { destroy } from "./destroy.ts";
import { show } from "./show.ts";

export default {
  name: "cluster",
  apiVersion: 1,
  register(registry) {
    registry.command(cluster);
    registry.command(show);
    registry.command(destroy);
  },
} satisfies Plugin;
