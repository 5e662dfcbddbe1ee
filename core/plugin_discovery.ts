/** Third-party plugins: where they are looked for, and a cache of what they declare, so that they cost no import. */

import type { CommandIndex } from "./command_index.ts";
import { fileError } from "./files/errors.ts";
import type { Inspection } from "./inspect_worker.ts";
import { isCommandSpec } from "./plugin_index.ts";
import { type Discovery, type Inspected, mergePlugins } from "./plugin_merge.ts";

/** The static description beside a third-party plugin's code. */
export interface PluginManifest {
  name: string;
  apiVersion: 1;
  /** The entry module, relative to the folder. */
  entry: string;
}

/** What is remembered of one folder until its manifest or entry changes. */
type CacheEntry = { entry: string; stamp: string } & Inspected;

type Cache = Record<string, CacheEntry>;

/** Changes when what the cache holds changes its shape. */
const cacheVersion = 2;

/** A plugin whose import does not end must not hold up every other command. */
const importTimeoutMs = 5000;

/** An import that did not end in time. */
class ImportTimeout extends Error {}

/** The plugin folders in `folders`, by absolute paths; nothing in them is opened. */
export function listPlugins(folders: readonly string[]): string[] {
  return [...new Set(folders.flatMap(listFolder))];
}

function listFolder(folder: string): string[] {
  try {
    const place = Deno.realPathSync(folder);
    return [...Deno.readDirSync(place)]
      .filter(({ isFile, name }) => !isFile && !name.startsWith("."))
      .map(({ name }) => `${place}/${name}`).sort();
  } catch {
    return []; // absent or out of reach: there are no plugins
  }
}

/** What {@linkcode discoverPlugins} works with. */
export interface DiscoveryOptions {
  /** Written when something changed; losing it costs time only. */
  cacheFile: string | undefined;
  /** What no plugin can replace. */
  builtIn: Pick<CommandIndex, "commands">;
  /** Where `inspect_worker` is, in the sources or in a bundle. */
  worker: URL;
}

/**
 * Reads what the plugins declare, from the cache where nothing has changed.
 *
 * @param plugins Plugin folders, as {@linkcode listPlugins} gives them; the first that wants a name has it.
 */
export async function discoverPlugins(
  plugins: readonly string[],
  { cacheFile, builtIn, worker }: DiscoveryOptions,
): Promise<Discovery> {
  const cache = await readCache(cacheFile);
  let hasChanged = false;
  const found = await Promise.all(plugins.map(async (folder) => {
    const known = cache[folder];
    if (known !== undefined && isCurrent(folder, known)) return [folder, known] as const;
    const { plugin, remembered } = await inspect(folder, worker);
    hasChanged ||= remembered !== undefined || known !== undefined;
    if (remembered !== undefined) cache[folder] = remembered;
    return [folder, plugin] as const;
  }));
  if (hasChanged && cacheFile !== undefined) await writeCache(cacheFile, cache);
  return mergePlugins(new Map(found), builtIn);
}

/** Modification times and sizes of the two files that decide what a plugin declares. */
function stampOf(folder: string, entry: string): string {
  return `${stampOfFile(`${folder}/plugin.json`)} ${stampOfFile(`${folder}/${entry}`)}`;
}

/** The manifest is not read for this: while it is the same, so is the entry it names. */
function isCurrent(folder: string, { entry, stamp }: CacheEntry): boolean {
  return stampOf(folder, entry) === stamp;
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

/**
 * What a plugin declares. Most failures do not last: their cause may lie outside the two files that are watched, so they
 * are looked for again at the next start. One that took all the time it was given is remembered.
 */
async function inspect(
  folder: string,
  worker: URL,
): Promise<{ plugin: Inspected; remembered?: CacheEntry }> {
  let seen = { entry: "", stamp: "" };
  try {
    const { name, entry } = readManifest(folder);
    // Before the import: a change during it is then met at the next start.
    seen = { entry, stamp: stampOf(folder, entry) };
    const url = moduleUrl(`${folder}/${entry}`);
    const found = await inspectInWorker(worker, url);
    if ("problem" in found) throw new Error(found.problem);
    if (found.name !== name) {
      throw new Error(`its name is "${found.name}", plugin.json says "${name}"`);
    }
    const index: CommandIndex = JSON.parse(found.index);
    if (!index.commands.every(isCommandSpec)) throw new Error("a command it declares is malformed");
    return { plugin: { index }, remembered: { ...seen, index } };
  } catch (error) {
    const [firstLine = ""] = String(error instanceof Error ? error.message : error).split("\n");
    const plugin = { problem: firstLine };
    return error instanceof ImportTimeout
      ? { plugin, remembered: { ...seen, ...plugin } }
      : { plugin };
  }
}

/** Has the plugin run where it can be ended, though it never gives up the processor. */
async function inspectInWorker(entry: URL, plugin: URL): Promise<Inspection> {
  const worker = new Worker(entry.href, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Inspection>();
  const timer = setTimeout(
    () => reject(new ImportTimeout(`no answer within ${importTimeoutMs / 1000} s`)),
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
    Object.values(value).every((remembered) => {
      const { stamp, entry, index, problem } = Object(remembered);
      if (typeof stamp !== "string" || typeof entry !== "string") return false;
      if (index === undefined) return typeof problem === "string";
      const { commands, completers, provisioners } = Object(index);
      return Array.isArray(commands) && commands.every(isCommandSpec) &&
        typeof completers === "object" && completers !== null && Array.isArray(provisioners);
    });
}

/** Plugins of folders that this run did not look at stay, unless they have changed or are gone. */
async function writeCache(file: string, cache: Cache): Promise<void> {
  const current = Object.entries(cache).filter(([folder, entry]) => isCurrent(folder, entry));
  const text = JSON.stringify({ version: cacheVersion, plugins: Object.fromEntries(current) });
  try {
    const { writeFileAtomic } = await import("./files/atomic.ts");
    await writeFileAtomic(file, text, { mode: 0o600, createParents: true });
  } catch {
    // A read-only cache folder costs time at the next start, nothing else.
  }
}
