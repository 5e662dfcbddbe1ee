/** The `bootstrap` command: the beginning of a cluster's etcd. */

import type { Plugin } from "../../core/plugin.ts";
import { bootstrap } from "./bootstrap.ts";

export default {
  name: "bootstrap",
  apiVersion: 1,
  register(registry) {
    registry.command(bootstrap);
  },
} satisfies Plugin;
