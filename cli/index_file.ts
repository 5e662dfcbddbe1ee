/** The index at start-up: the generated file, and what third-party plugins add to it. */

import type { CommandIndex } from "../core/command_index.ts";
import type { FoundPlugin } from "../core/plugin_discovery.ts";
import { pluginFolders } from "../core/plugin_folders.ts";
import { parseIndex } from "../core/stored_index.ts";
import type { Host } from "./host.ts";

/** What start-up knows of commands. */
export interface LoadedIndex {
  index: CommandIndex;
  /** Third-party plugins by their ids in the index. */
  plugins: ReadonlyMap<string, FoundPlugin>;
  /** One line for each plugin that is left out. */
  warnings: readonly string[];
  /** One line for each plugin that nobody has approved. */
  unapproved: readonly string[];
  /** The words of the command line without `--plugin-dir`. */
  words: readonly string[];
}

/** Reads the index; third-party plugins cost a look at their folder, and two files when there are any. */
export async function loadIndex(argv: readonly string[], host: Host): Promise<LoadedIndex> {
  const index = parseIndex(Deno.readTextFileSync(new URL("cli/index.jsonl", host.root)));
  const { folders, words } = takePluginFolders(argv);
  const isDevelopment = folders.length > 0;
  const given = isDevelopment ? folders : pluginFolders((name) => host.env(name));
  if (!given.some(hasEntries)) {
    return { index, plugins: new Map(), warnings: [], unapproved: [], words };
  }

  const { discoverPlugins } = await import("../core/plugin_discovery.ts");
  const { index: added, ...found } = await discoverPlugins(given, {
    cacheFile: cacheFile(host),
    builtIn: index,
    worker: pluginWorker(host),
    isDevelopment,
  });
  index.commands = [...index.commands, ...added.commands];
  index.completers = { ...added.completers, ...index.completers };
  return { index, ...found, words };
}

/** The entry of the Workers in which third-party plugins run. */
export function pluginWorker({ root, extension }: Pick<Host, "root" | "extension">): URL {
  return new URL(`core/plugin_worker/worker${extension}`, root);
}

/**
 * `--plugin-dir` is known before the command only, so that it takes no word from any command; a shell that completes
 * such a line puts its question before that.
 */
function takePluginFolders(argv: readonly string[]): { folders: string[]; words: string[] } {
  const question = argv[0]?.startsWith("__complete") ? argv.slice(0, 1) : [];
  const words = argv.slice(question.length);
  const folders: string[] = [];
  while (true) {
    const [first = "", second] = words;
    if (first.startsWith("--plugin-dir=")) {
      folders.push(first.slice("--plugin-dir=".length));
      words.shift();
    } else if (first === "--plugin-dir" && second !== undefined) {
      folders.push(second);
      words.splice(0, 2);
    } else return { folders, words: [...question, ...words] };
  }
}

function hasEntries(folder: string): boolean {
  try {
    for (const _ of Deno.readDirSync(folder)) return true;
    return false;
  } catch {
    return false; // absent or out of reach: there are no plugins
  }
}

function cacheFile(host: Host): string | undefined {
  const home = host.env("HOME");
  const cache = host.env("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  return cache ? `${cache}/talosctl/plugins.json` : undefined;
}
