/** The `plugin` command group: plugins of third parties, from their arrival to their removal. */

import type { Plugin } from "../../core/plugin.ts";
import { add } from "./add.ts";
import { completePlugins } from "./complete_plugins.ts";
import { doctor } from "./doctor.ts";
import { group } from "./group.ts";
import { inspect } from "./inspect.ts";
import { list } from "./list.ts";
import { remove } from "./remove.ts";
import { update } from "./update.ts";

export default {
  name: "plugin",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(add);
    registry.command(doctor);
    registry.command(inspect);
    registry.command(list);
    registry.command(remove);
    registry.command(update);
    registry.completer("plugin", completePlugins);
  },
} satisfies Plugin;
