/** The `debug` command: a container on a node, connected to the user's terminal. */

import type { Plugin } from "../../core/plugin.ts";
import { debug } from "./debug.ts";

export default {
  name: "debug",
  apiVersion: 1,
  register(registry) {
    registry.command(debug);
  },
} satisfies Plugin;
