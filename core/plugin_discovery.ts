/** Third-party plugins: where they are looked for, and a cache of what they declare, so that they cost no import. */

import type { CommandIndex } from "./command_index.ts";
import { writeFileAtomic } from "./files/atomic.ts";
import { indexPlugin, isCommandSpec } from "./plugin_index.ts";
import { loadPlugin } from "./plugin_loader.ts";

/** The static description beside a third-party plugin's code. */
export interface PluginManifest {
  name: string;
  apiVersion: 1;
  /** The entry module, relative to the folder. */
  entry: string;
}

/** What was found. */
export interface Discovery {
  index: CommandIndex;
  /** One line for each plugin that is left out, with its reason. */
  warnings: string[];
}

/** What is remembered of one folder until its manifest or entry changes. */
interface CacheEntry {
  stamp: string;
  index?: CommandIndex;
  problem?: string;
}

type Cache = Record<string, CacheEntry>;

/** Changes when what the cache holds changes its shape. */
const cacheVersion = 1;

/** A plugin whose import does not end must not hold up every other command. */
const importTimeoutMs = 5000;

/** The plugin folders in `folders` that exist; nothing is opened. */
export function listPlugins(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    try {
      return [...Deno.readDirSync(folder)]
        .filter((entry) => entry.isDirectory || entry.isSymlink)
        .map((entry) => `${folder}/${entry.name}`).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
        return [];
      }
      throw error;
    }
  });
}

/**
 * Reads what the plugins declare, from the cache where nothing has changed.
 *
 * @param plugins Plugin folders, as {@linkcode listPlugins} gives them; the first of a name wins.
 * @param cacheFile Written when something changed; losing it costs time only.
 * @param builtIn The names of built-in commands, words joined by blanks: no plugin can replace one.
 */
export async function discoverPlugins(
  plugins: readonly string[],
  cacheFile: string | undefined,
  builtIn: ReadonlySet<string>,
): Promise<Discovery> {
  const cache = await readCache(cacheFile);
  const fresh: Cache = {};
  let hasChanged = false;
  for (const folder of plugins) {
    const stamp = stampOf(folder);
    const known = cache[folder];
    hasChanged ||= known?.stamp !== stamp;
    fresh[folder] = known?.stamp === stamp ? known : await inspect(folder, stamp);
  }
  if (hasChanged && cacheFile !== undefined) await writeCache(cacheFile, fresh);
  return merge(fresh, builtIn);
}

function merge(cache: Cache, builtIn: ReadonlySet<string>): Discovery {
  const discovery: Discovery = {
    index: { commands: [], completers: {}, provisioners: [] },
    warnings: [],
  };
  const taken = new Map<string, string>();
  for (const [folder, { index, problem }] of Object.entries(cache)) {
    if (index === undefined) {
      discovery.warnings.push(`plugin ${folder} is left out: ${problem}`);
      continue;
    }
    for (const command of index.commands) {
      const name = command.path.join(" ");
      const owner = builtIn.has(name) ? "a built-in one" : taken.get(name);
      if (owner !== undefined) {
        discovery.warnings.push(
          `plugin ${folder}: its "${name}" is left out, it clashes with ${owner}`,
        );
      } else {
        taken.set(name, `that of ${folder}`);
        discovery.index.commands.push(command);
      }
    }
    for (const [kind, id] of Object.entries(index.completers)) {
      discovery.index.completers[kind] ??= id;
    }
    discovery.index.provisioners.push(...index.provisioners);
  }
  return discovery;
}

/** Modification times and sizes of the two files that decide what a plugin declares. */
function stampOf(folder: string): string {
  const manifest = stampOfFile(`${folder}/plugin.json`);
  try {
    const { entry } = readManifest(folder);
    return `${manifest} ${stampOfFile(`${folder}/${entry}`)}`;
  } catch {
    return manifest; // the manifest is broken: inspect() will say how
  }
}

function stampOfFile(path: string): string {
  try {
    const { mtime, size } = Deno.statSync(path);
    return `${mtime?.getTime()}:${size}`;
  } catch {
    return "absent";
  }
}

function readManifest(folder: string): PluginManifest {
  const manifest: unknown = JSON.parse(Deno.readTextFileSync(`${folder}/plugin.json`));
  const { name, apiVersion, entry } = (manifest ?? {}) as Record<string, unknown>;
  if (typeof name !== "string" || typeof entry !== "string") {
    throw new Error(`plugin.json wants the strings "name" and "entry"`);
  }
  if (apiVersion !== 1) {
    throw new Error(`plugin.json: apiVersion ${apiVersion}, this program knows 1`);
  }
  if (entry.startsWith("/") || entry.split("/").includes("..")) {
    throw new Error(`plugin.json: the entry "${entry}" is outside the plugin's folder`);
  }
  return { name, apiVersion, entry };
}

async function inspect(folder: string, stamp: string): Promise<CacheEntry> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new Error(`no answer within ${importTimeoutMs / 1000} s`)),
    importTimeoutMs,
  );
  try {
    const { name, entry } = readManifest(folder);
    const url = new URL(`file://${encodeURI(Deno.realPathSync(`${folder}/${entry}`))}`);
    const plugin = await Promise.race([loadPlugin(url), timeout.promise]);
    if (plugin.name !== name) {
      throw new Error(`its name is "${plugin.name}", plugin.json says "${name}"`);
    }
    const index = indexPlugin(plugin, url.href);
    if (!index.commands.every(isCommandSpec)) throw new Error("a command it declares is malformed");
    return { stamp, index };
  } catch (error) {
    const [firstLine = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return { stamp, problem: firstLine };
  } finally {
    clearTimeout(timer);
  }
}

async function readCache(file: string | undefined): Promise<Cache> {
  if (file === undefined) return {};
  try {
    const { version, plugins } = JSON.parse(await Deno.readTextFile(file));
    return version === cacheVersion ? plugins : {};
  } catch {
    return {}; // absent or damaged: it is made anew
  }
}

async function writeCache(file: string, plugins: Cache): Promise<void> {
  try {
    const text = JSON.stringify({ version: cacheVersion, plugins });
    await writeFileAtomic(file, text, { mode: 0o600, createParents: true });
  } catch {
    // A read-only cache folder costs time at the next start, nothing else.
  }
}
