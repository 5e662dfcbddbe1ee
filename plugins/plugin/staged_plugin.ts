/** A plugin on its way in: complete in a folder that no command looks at, until it takes its place by one rename. */

import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { directoryOf, makeDirectories } from "../../core/files/location.ts";
import { hashFolder } from "../../core/plugin_hash.ts";
import { manifestFileName, type PluginManifest, readManifest } from "../../core/plugin_manifest.ts";
import type { PluginFiles } from "./gathered_files.ts";
import { readSource, type SourceContext } from "./source.ts";

/** What was fetched and nobody has approved yet; disposing of it removes what did not take its place. */
export interface StagedPlugin extends AsyncDisposable {
  source: string;
  /** Where it is now; names that begin with a dot are no plugins. */
  folder: string;
  pluginsFolder: string;
  manifest: PluginManifest;
  sha256: string;
}

/**
 * Fetches a plugin; nothing of it is run.
 *
 * @param source As `resolveSource` gives it.
 * @throws {CliError} for what is no plugin; then nothing stays behind
 */
export async function stagePlugin(
  source: string,
  pluginsFolder: string,
  context: SourceContext,
): Promise<StagedPlugin> {
  const files = await readSource(source, context);
  if (!files.has(manifestFileName)) {
    throw new CliError(`reading ${source}: it is no plugin, for it has no ${manifestFileName}`);
  }
  const folder = `${pluginsFolder}/.adding-${crypto.randomUUID().slice(0, 8)}`;
  try {
    await writeFiles(folder, files);
    const manifest = await withPrefix(`reading ${source}`, readManifest(folder));
    checkEntry(manifest, files, source);
    return {
      source,
      folder,
      pluginsFolder,
      manifest,
      sha256: await hashFolder(folder),
      [Symbol.asyncDispose]: () => removeTree(folder),
    };
  } catch (error) {
    await removeTree(folder);
    throw error;
  }
}

/** Removes a folder, or a link to one, with all that is in it; an absent one is fine. */
export async function removeTree(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError("remove", path, error);
  }
}

function checkEntry({ entry }: PluginManifest, files: PluginFiles, source: string): void {
  const path = entry.split("/").filter((part) => part !== ".").join("/");
  if (files.has(path)) return;
  throw new CliError(`reading ${source}: the entry "${entry}" of ${manifestFileName} is not there`);
}

async function writeFiles(folder: string, files: PluginFiles): Promise<void> {
  for (const [name, content] of files) {
    const path = `${folder}/${name}`;
    await makeDirectories(directoryOf(path));
    try {
      await Deno.writeFile(path, content, { createNew: true, mode: 0o600 });
    } catch (error) {
      throw fileError("write", path, error);
    }
  }
}
