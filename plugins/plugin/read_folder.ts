/** The files of a plugin that is a folder on this machine: real files only, for a link may lead anywhere tomorrow. */

import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import { type GatheredFiles, maxPluginBytes } from "./gathered_files.ts";

/** What authors have beside their plugin and nobody means to install. */
const leftOut: readonly string[] = [".git", "node_modules"];

/**
 * Adds all files of a folder and those below it, in the order of their names.
 *
 * @throws {CliError} for links, devices, pipes and sockets, and for what cannot be read
 */
export async function readFolder(root: string, gathered: GatheredFiles, below = ""): Promise<void> {
  const folder = below === "" ? root : `${root}/${below}`;
  for (const { name, isFile, isDirectory } of await entriesOf(folder)) {
    if (leftOut.includes(name)) continue;
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) await readFolder(root, gathered, path);
    else if (isFile) {
      await gathered.add(path, [await readBounded(`${root}/${path}`, maxPluginBytes)]);
    } else throw new CliError(`${goQuote(path)} is a link or a device, not a file or folder`);
  }
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    throw fileError("open", folder, error);
  }
}
