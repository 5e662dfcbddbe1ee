/** The `plugin` command group: plugins of third parties, from their arrival to their removal. */

import type { Plugin } from "../../core/plugin.ts";
import { add } from "./add.ts";
import { completePlugins } from "./complete_plugins.ts";
import { doctor } from "./doctor.ts";
import { group } from "./group.ts";
import { inspect } from "./inspect.ts";
import { list } from "./list.ts";
import { newCommand } from "./new.ts";
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
    registry.command(newCommand(libraryModule()));
    registry.command(remove);
    registry.command(update);
    registry.completer("plugin", completePlugins);
  },
} satisfies Plugin;

/**
 * This module's place in the program's folder is fixed, so the library's is known, bundled or not. What is inside of an
 * executable cannot be imported from without.
 */
function libraryModule(): URL | undefined {
  if (Deno.build.standalone) return undefined;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`../../mod.${extension}`, import.meta.url);
}
