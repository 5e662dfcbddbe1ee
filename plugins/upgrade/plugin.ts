/** The `upgrade` command. */

import type { Plugin } from "../../core/plugin.ts";
import { upgrade } from "./upgrade.ts";

export default {
  name: "upgrade",
  apiVersion: 1,
  register(registry) {
    registry.command(upgrade);
  },
} satisfies Plugin;
