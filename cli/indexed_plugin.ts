/** Loads the plugin that an indexed command belongs to, the product's own or a third party's. */

import { CliError } from "../core/errors.ts";
import type { FoundPlugin } from "../core/plugin_discovery.ts";
import { type LoadedPlugin, loadPlugin } from "../core/plugin_loader.ts";
import { pluginWorker } from "./index_file.ts";
import type { Run } from "./run.ts";

/** A plugin by its id in the index: a folder of `plugins/`, or a third party's, whose code runs elsewhere. */
export async function loadIndexedPlugin(run: Run, id: string): Promise<LoadedPlugin> {
  const thirdParty = run.plugins.get(id);
  if (thirdParty !== undefined) return await loadThirdParty(run, id, thirdParty);
  const { root, extension } = run.host;
  try {
    return await loadPlugin(new URL(`plugins/${id}/plugin${extension}`, root));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new CliError(`loading plugin ${id}: ${reason}`, { cause });
  }
}

async function loadThirdParty(run: Run, id: string, found: FoundPlugin): Promise<LoadedPlugin> {
  const { confinedPlugin } = await import("../core/plugin_worker/confined_plugin.ts");
  const { commands, completers } = run.index;
  return confinedPlugin(await found.open(), {
    commands: commands.filter(({ plugin }) => plugin === id),
    completers: Object.keys(completers).filter((kind) => completers[kind] === id),
    worker: pluginWorker(run.host),
    async settled() {
      await run.stdout.flush();
      await run.stderr.flush();
    },
  });
}
