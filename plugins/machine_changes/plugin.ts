/** Changing the machine configuration of nodes: as a whole, by patches, in an editor. */

import type { Plugin } from "../../core/plugin.ts";
import { applyConfig } from "./apply_config.ts";
import { edit } from "./edit.ts";
import { patch } from "./patch.ts";

export default {
  name: "machine_changes",
  apiVersion: 1,
  register(registry) {
    registry.command(applyConfig);
    registry.command(edit);
    registry.command(patch);
  },
} satisfies Plugin;
