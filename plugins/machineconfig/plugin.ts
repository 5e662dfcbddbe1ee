/** The `machineconfig` command group: machine configuration files, without a node. */

import type { Plugin } from "../../core/plugin.ts";
import { gen } from "./gen.ts";
import { group } from "./group.ts";
import { patch } from "./patch.ts";

export default {
  name: "machineconfig",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(gen);
    registry.command(patch);
  },
} satisfies Plugin;
