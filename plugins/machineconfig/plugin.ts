/** The `machineconfig` command group: machine configuration files, without a node. */

import type { Plugin } from "../../core/plugin.ts";
import { patch } from "./patch.ts";

export default {
  name: "machineconfig",
  apiVersion: 1,
  register(registry) {
    registry.command(patch);
  },
} satisfies Plugin;
