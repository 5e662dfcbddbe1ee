/** The index at start-up: the generated file, and what third-party plugins add to it. */

import type { CommandIndex } from "../core/command_index.ts";
import { parseIndex } from "../core/stored_index.ts";
import type { Host } from "./host.ts";
import { loadModule } from "./lazy_modules.ts";

/** What start-up knows of commands. */
export interface LoadedIndex {
  index: CommandIndex;
  /** One line for each plugin that is left out. */
  warnings: readonly string[];
  /** The words of the command line without `--plugin-dir`. */
  words: readonly string[];
}

/** Reads the index; third-party plugins cost a look at their folder, and a file when there are any. */
export async function loadIndex(argv: readonly string[], host: Host): Promise<LoadedIndex> {
  const index = parseIndex(Deno.readTextFileSync(new URL("cli/index.jsonl", host.root)));
  const { folders, words } = takePluginFolders(argv);
  const given = folders.length > 0 ? folders : defaultFolders(host);
  if (!given.some(hasEntries)) return { index, warnings: [], words };

  const { discoverPlugins, listPlugins } = await loadModule(host, "core/plugin_discovery");
  const found = await discoverPlugins(listPlugins(given), {
    cacheFile: cacheFile(host),
    builtIn: index,
    worker: new URL(`core/inspect_worker${host.extension}`, host.root),
  });
  index.commands = [...index.commands, ...found.index.commands];
  index.completers = { ...found.index.completers, ...index.completers };
  index.provisioners.push(...found.index.provisioners);
  return { index, warnings: found.warnings, words };
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

/** `TALOSCTL_PLUGINS`, else the user's folder (design.md, "Discovery"). */
function defaultFolders(host: Host): string[] {
  const list = host.env("TALOSCTL_PLUGINS");
  if (list) return list.split(Deno.build.os === "windows" ? ";" : ":").filter((it) => it !== "");
  const home = host.env("HOME");
  const data = host.env("XDG_DATA_HOME") || (home && `${home}/.local/share`);
  return data ? [`${data}/talos/plugins`] : [];
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
