/** Third-party plugins: where they are looked for, who has approved them, and a cache of what they declare, so that they cost no import. */

import type { CommandIndex } from "./command_index.ts";
import { CliError } from "./errors.ts";
import { fileError } from "./files/errors.ts";
import { fileUrl } from "./files/file_url.ts";
import { type PluginGrant, type PluginGrants, readGrants } from "./plugin_grants.ts";
import { isCommandSpec } from "./plugin_index.ts";
import { readManifest } from "./plugin_manifest.ts";
import { type Discovery, type Inspected, mergePlugins } from "./plugin_merge.ts";
import type { ConfinedPlugin } from "./plugin_worker/confined.ts";

/** A third-party plugin whose commands are known. */
export interface FoundPlugin {
  folder: string;
  /**
   * Makes sure that it is what was approved.
   *
   * @throws {CliError} When it is not, and what helps.
   */
  open(): Promise<ConfinedPlugin>;
}

/** What discovery found. */
export interface Discovered extends Discovery {
  plugins: Map<string, FoundPlugin>;
  /** One line for each plugin whose commands nobody knows, because it is not approved. */
  unapproved: string[];
}

/** What is remembered of a folder's content: what it declares, or that it takes too long to say. */
type CacheEntry = { sha256: string; name: string; entry: string } & Inspected;

type Cache = Record<string, CacheEntry>;

/** Changes when what the cache holds changes its shape. */
const cacheVersion = 3;

/** The plugin folders in a folder, by absolute paths; nothing in them is opened. */
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
  /** Where `plugin_worker/worker` is, in the sources or in a bundle. */
  worker: URL;
  /**
   * The folders were named for this run by who develops the plugins in them: what their manifests ask for is granted,
   * and no approval is looked for. A folder may also be a plugin itself.
   */
  isDevelopment: boolean;
}

/** One plugin folder on its way. */
interface Candidate {
  folder: string;
  grant: PluginGrant | undefined;
}

/**
 * Reads what the plugins below some folders declare, from the cache where nothing has changed. The content of approved
 * ones is looked at only when they are new, and when they run.
 *
 * @param folders The first plugin that wants a name has it.
 */
export async function discoverPlugins(
  folders: readonly string[],
  options: DiscoveryOptions,
): Promise<Discovered> {
  const { cacheFile, builtIn, isDevelopment } = options;
  const cache = readCache(cacheFile);
  const warnings: string[] = [];
  const unapproved: string[] = [];
  const plugins = new Map<string, FoundPlugin>();
  const candidates = isDevelopment
    ? folders.flatMap(developed)
    : folders.flatMap((folder) => approved(folder, warnings));
  const unique = new Map(candidates.map((candidate) => [candidate.folder, candidate]));

  let hasChanged = false;
  const found = await Promise.all(
    [...unique.values()].map(async (candidate): Promise<[string, Inspected] | undefined> => {
      const { folder, grant } = candidate;
      const known = cache[folder];
      const isKnown = known !== undefined && !isDevelopment && known.sha256 === grant?.sha256;
      const { entry, problem } = isKnown
        ? { entry: known, problem: undefined }
        : await look(candidate, known, options);
      if (entry === undefined) {
        if (problem instanceof UnapprovedError) unapproved.push(...linesOf(folder, problem));
        else return [folder, { problem: problem?.message ?? "" }];
        return undefined;
      }
      if (entry !== known && problem === undefined) {
        cache[folder] = entry;
        hasChanged = true;
      }
      plugins.set(entry.entry, { folder, open: () => open(candidate, entry, isDevelopment) });
      return [folder, entry];
    }),
  );
  if (hasChanged && cacheFile !== undefined) await writeCache(cacheFile, cache);
  const merged = mergePlugins(new Map(found.filter((plugin) => plugin !== undefined)), builtIn);
  return {
    index: merged.index,
    warnings: [...warnings, ...merged.warnings],
    plugins,
    unapproved,
  };
}

/** A plugin that does not run because nobody has said that it may. */
class UnapprovedError extends CliError {}

function linesOf(folder: string, error: CliError): string[] {
  return [`plugin ${folder} ${error.message}: ${error.hint}`];
}

function approved(folder: string, warnings: string[]): Candidate[] {
  const folders = listFolder(folder);
  let grants: PluginGrants = {};
  try {
    if (folders.length > 0) grants = readGrants(folder);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    warnings.push(`no plugin of ${folder} is approved: ${error.message}`);
  }
  return folders.map((plugin) => ({ folder: plugin, grant: grants[nameOf(plugin)] }));
}

function developed(folder: string): Candidate[] {
  const folders = isPlugin(folder) ? [Deno.realPathSync(folder)] : listFolder(folder);
  return folders.map((plugin) => ({ folder: plugin, grant: undefined }));
}

function isPlugin(folder: string): boolean {
  try {
    return Deno.statSync(`${folder}/plugin.json`).isFile;
  } catch {
    return false;
  }
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}

/** What was seen of a folder: what it declares, and what keeps that from being new. */
interface Seen {
  entry?: CacheEntry;
  problem?: CliError;
}

/** Looks at a folder whose content is not known. Commands that it once had are kept, so that running them can tell why not. */
async function look(
  candidate: Candidate,
  known: CacheEntry | undefined,
  { isDevelopment, worker }: DiscoveryOptions,
): Promise<Seen> {
  const { folder, grant } = candidate;
  const unknown = (problem: CliError): Seen =>
    known !== undefined && "index" in known ? { entry: known, problem } : { problem };
  if (!isDevelopment && grant === undefined) return unknown(notApproved(folder));
  try {
    const { readPluginFolder } = await import("./plugin_hash.ts");
    const { sha256, mayImportOthers } = await readPluginFolder(folder);
    if (!isDevelopment && sha256 !== grant?.sha256) return unknown(changed(folder));
    if (known?.sha256 === sha256) return { entry: known };

    const manifest = await readManifest(folder);
    const plugin: ConfinedPlugin = {
      name: manifest.name,
      folder: Deno.realPathSync(folder),
      entry: moduleUrl(`${folder}/${manifest.entry}`),
      rights: grant ?? manifest,
      mayImportOthers,
    };
    const remembered = { sha256, name: plugin.name, entry: plugin.entry.href };
    const { ImportTimeoutError, inspectPlugin } = await import("./plugin_worker/inspect.ts");
    try {
      return { entry: { ...remembered, index: await inspectPlugin(plugin, worker) } };
    } catch (error) {
      if (!(error instanceof ImportTimeoutError)) throw error;
      return { entry: { ...remembered, problem: error.message } };
    }
  } catch (error) {
    // Most failures do not last: they are looked for again at the next start.
    const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return { problem: new CliError(line) };
  }
}

/** What is about to run, once it is certain to be what was approved. */
async function open(
  { folder, grant }: Candidate,
  { sha256, name, entry }: CacheEntry,
  isDevelopment: boolean,
): Promise<ConfinedPlugin> {
  if (!isDevelopment && grant === undefined) throw withFolder(folder, notApproved(folder));
  const { readPluginFolder } = await import("./plugin_hash.ts");
  const content = await readPluginFolder(folder);
  const isApproved = isDevelopment || content.sha256 === grant?.sha256;
  const isInside = entry.startsWith(`${moduleUrl(folder).href}/`);
  if (!isApproved || !isInside || content.sha256 !== sha256) {
    throw withFolder(folder, changed(folder));
  }
  return {
    name,
    folder: Deno.realPathSync(folder),
    entry: new URL(entry),
    rights: grant ?? await readManifest(folder),
    mayImportOthers: content.mayImportOthers,
  };
}

function withFolder(folder: string, { message, hint = "" }: CliError): CliError {
  return new CliError(`plugin ${folder} ${message}`, { hint });
}

function notApproved(folder: string): UnapprovedError {
  return new UnapprovedError("is not approved yet", {
    hint: `talosctl plugin add ${folder}`,
  });
}

function changed(folder: string): UnapprovedError {
  return new UnapprovedError("has changed since it was approved", {
    hint: `if that was you: talosctl plugin add ${folder}`,
  });
}

/** Its real place, for what lies beside the code is found from there. */
export function moduleUrl(path: string): URL {
  let real: string;
  try {
    real = Deno.realPathSync(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
  return fileUrl(real);
}

function readCache(file: string | undefined): Cache {
  if (file === undefined) return {};
  try {
    const { version, plugins } = JSON.parse(Deno.readTextFileSync(file));
    return version === cacheVersion && isCache(plugins) ? plugins : {};
  } catch {
    return {}; // absent or damaged: it is made anew
  }
}

function isCache(value: unknown): value is Cache {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((remembered) => {
      const { sha256, name, entry, index, problem } = Object(remembered);
      if (![sha256, name, entry].every((text) => typeof text === "string")) return false;
      if (!URL.canParse(entry)) return false;
      if (index === undefined) return typeof problem === "string";
      const { commands, completers, provisioners } = Object(index);
      return Array.isArray(commands) && commands.every(isCommandSpec) &&
        commands.every((command) => Object(command).plugin === entry) &&
        typeof completers === "object" && completers !== null && Array.isArray(provisioners);
    });
}

/** Plugins of folders that this run did not look at stay, unless they are gone. */
async function writeCache(file: string, cache: Cache): Promise<void> {
  const present = Object.entries(cache).filter(([folder]) => isPlugin(folder));
  const text = JSON.stringify({ version: cacheVersion, plugins: Object.fromEntries(present) });
  try {
    const { writeFileAtomic } = await import("./files/atomic.ts");
    await writeFileAtomic(file, text, { mode: 0o600, createParents: true });
  } catch {
    // A read-only cache folder costs time at the next start, nothing else.
  }
}
