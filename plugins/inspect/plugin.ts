/** The `inspect` command group: how a node works inside. */

import type { Plugin } from "../../core/plugin.ts";
import { dependencies } from "./dependencies.ts";
import { group } from "./group.ts";

export default {
  name: "inspect",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(dependencies);
  },
} satisfies Plugin;
