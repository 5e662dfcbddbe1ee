/** What a plugin in a folder declares, and what of it other commands stand in the way of: for who installs it. */

import type { CommandIndex, IndexedCommand } from "../command_index.ts";
import type { InspectedPlugin } from "../command.ts";
import { moduleUrl } from "../plugin_discovery.ts";
import { readPluginFolder } from "../plugin_hash.ts";
import { type PluginRights, readManifest } from "../plugin_manifest.ts";
import { mergePlugins } from "../plugin_merge.ts";
import { inspectPlugin } from "./inspect.ts";

/** What the plugin is held against. */
export interface InspectFolderOptions {
  /** All commands but its own. */
  others: readonly IndexedCommand[];
  /** The folder of a third-party plugin, by its id in the index. */
  folderOf(id: string): string | undefined;
  /** Where `worker.ts` is. */
  worker: URL;
}

/** @throws {CliError} With what is wrong with it. */
export async function inspectFolder(
  folder: string,
  rights: PluginRights,
  { others, folderOf, worker }: InspectFolderOptions,
): Promise<InspectedPlugin> {
  const { name, entry } = await readManifest(folder);
  const plugin = {
    name,
    folder: Deno.realPathSync(folder),
    entry: moduleUrl(`${folder}/${entry}`),
    rights,
    mayImportOthers: (await readPluginFolder(folder)).mayImportOthers,
  };
  const declared = await inspectPlugin(plugin, worker);

  const installed = new Map<string, { index: CommandIndex }>();
  for (const command of others) {
    const place = folderOf(command.plugin);
    if (place === undefined) continue;
    const known = installed.get(place) ??
      { index: { commands: [], completers: {}, provisioners: [] } };
    known.index.commands.push(command);
    installed.set(place, known);
  }
  installed.set(folder, { index: declared });
  const builtIn = others.filter(({ plugin }) => folderOf(plugin) === undefined);
  const { index, warnings } = mergePlugins(installed, { commands: [...builtIn] });
  return {
    commands: index.commands.filter(({ plugin }) => plugin === declared.commands[0]?.plugin),
    completers: Object.keys(declared.completers),
    warnings: warnings.filter((line) => line.startsWith(`plugin ${folder}: `)),
  };
}
