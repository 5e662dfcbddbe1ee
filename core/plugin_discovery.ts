/** Third-party plugins: where they are looked for, and a cache of what they declare, so that they cost no import. */

import type { CommandIndex } from "./command_index.ts";
import { writeFileAtomic } from "./files/atomic.ts";
import { fileError } from "./files/errors.ts";
import type { Inspection } from "./inspect_worker.ts";
import { isCommandSpec } from "./plugin_index.ts";

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
    } catch {
      return []; // absent or out of reach: there are no plugins
    }
  });
}

/** What {@linkcode discoverPlugins} works with. */
export interface DiscoveryOptions {
  /** Written when something changed; losing it costs time only. */
  cacheFile: string | undefined;
  /** The names of built-in commands, words joined by blanks: no plugin can replace one. */
  builtIn: ReadonlySet<string>;
  /** Where `inspect_worker` is, in the sources or in a bundle. */
  worker: URL;
}

/**
 * Reads what the plugins declare, from the cache where nothing has changed.
 *
 * @param plugins Plugin folders, as {@linkcode listPlugins} gives them; the first of a name wins.
 */
export async function discoverPlugins(
  plugins: readonly string[],
  { cacheFile, builtIn, worker }: DiscoveryOptions,
): Promise<Discovery> {
  const cache = await readCache(cacheFile);
  let hasChanged = false;
  const entries = await Promise.all(plugins.map(async (folder) => {
    const stamp = stampOf(folder);
    const known = cache[folder];
    if (known?.stamp === stamp) return [folder, known] as const;
    hasChanged = true;
    return [folder, await inspect(folder, { stamp, worker })] as const;
  }));
  const fresh: Cache = Object.fromEntries(entries);
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
  const manifest = parseManifest(readText(`${folder}/plugin.json`));
  const { name, apiVersion, entry } = Object(manifest);
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

function parseManifest(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`plugin.json: ${error instanceof Error ? error.message : error}`);
  }
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
}

/** Its real place, for what lies beside the code is found from there. */
function moduleUrl(path: string): URL {
  let real: string;
  try {
    real = Deno.realPathSync(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
  // Characters that would end the path part of a URL are escaped too.
  return new URL(`file://${encodeURI(real).replaceAll("?", "%3F").replaceAll("#", "%23")}`);
}

async function inspect(
  folder: string,
  { stamp, worker }: { stamp: string; worker: URL },
): Promise<CacheEntry> {
  try {
    const { name, entry } = readManifest(folder);
    const url = moduleUrl(`${folder}/${entry}`);
    const found = await inspectInWorker(worker, url);
    if ("problem" in found) throw new Error(found.problem);
    if (found.name !== name) {
      throw new Error(`its name is "${found.name}", plugin.json says "${name}"`);
    }
    const index: CommandIndex = JSON.parse(found.index);
    if (!index.commands.every(isCommandSpec)) throw new Error("a command it declares is malformed");
    return { stamp, index };
  } catch (error) {
    const [firstLine = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return { stamp, problem: firstLine };
  }
}

/** Has the plugin run where it can be ended, though it never gives up the processor. */
async function inspectInWorker(entry: URL, plugin: URL): Promise<Inspection> {
  const worker = new Worker(entry.href, { type: "module" });
  const { promise, resolve } = Promise.withResolvers<Inspection>();
  const timer = setTimeout(
    () => resolve({ problem: `no answer within ${importTimeoutMs / 1000} s` }),
    importTimeoutMs,
  );
  worker.addEventListener("message", ({ data }) => resolve(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // or it would end the program
    resolve({ problem: event.message });
  });
  worker.postMessage(plugin.href);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

async function readCache(file: string | undefined): Promise<Cache> {
  if (file === undefined) return {};
  try {
    const { version, plugins } = JSON.parse(await Deno.readTextFile(file));
    return version === cacheVersion && isCache(plugins) ? plugins : {};
  } catch {
    return {}; // absent or damaged: it is made anew
  }
}

function isCache(value: unknown): value is Cache {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((entry) => {
      const { stamp, index, problem } = Object(entry);
      if (typeof stamp !== "string") return false;
      if (index === undefined) return typeof problem === "string";
      const { commands, completers, provisioners } = Object(index);
      return Array.isArray(commands) && commands.every(isCommandSpec) &&
        typeof completers === "object" && completers !== null && Array.isArray(provisioners);
    });
}

async function writeCache(file: string, plugins: Cache): Promise<void> {
  try {
    const text = JSON.stringify({ version: cacheVersion, plugins });
    await writeFileAtomic(file, text, { mode: 0o600, createParents: true });
  } catch {
    // A read-only cache folder costs time at the next start, nothing else.
  }
}
