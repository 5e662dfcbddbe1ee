/** The commands that take nodes through a change of their whole system: restarting, powering off, wiping, going back. */

import type { Plugin } from "../../core/plugin.ts";
import { reboot } from "./reboot.ts";
import { reset } from "./reset.ts";
import { rollback } from "./rollback.ts";
import { shutdown } from "./shutdown.ts";

export default {
  name: "lifecycle",
  apiVersion: 1,
  register(registry) {
    registry.command(reboot);
    registry.command(shutdown);
    registry.command(reset);
    registry.command(rollback);
  },
} satisfies Plugin;
