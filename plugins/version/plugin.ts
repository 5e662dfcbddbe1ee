/** The `version` command group: which releases the client and the nodes run. */

import type { Plugin } from "../../core/plugin.ts";
import { version } from "./version.ts";

export default {
  name: "version",
  apiVersion: 1,
  register(registry) {
    registry.command(version);
  },
} satisfies Plugin;
