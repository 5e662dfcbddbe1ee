/** What the user has allowed each installed plugin: `grants.json` beside the plugins' folders. */

import { CliError } from "./errors.ts";
import { fileError } from "./files/errors.ts";
import { isPluginName, parseRights, type PluginRights } from "./plugin_manifest.ts";

/** One plugin's approval. */
export interface PluginGrant extends PluginRights {
  /** Where it was got from, as the user named it. */
  source: string;
  /** Of the folder, as `hashFolder` of `plugin_hash.ts` gives it: other content is not approved. */
  sha256: string;
  /** ISO 8601. */
  approvedAt: string;
}

/** The grants of one plugins folder, by the names of the folders in it. */
export type PluginGrants = Record<string, PluginGrant>;

const fileName = "grants.json";

/** Some hundred bytes a plugin. */
const maxSizeBytes = 4 * 1024 * 1024;

/** The file with the grants of a plugins folder. */
export function grantsPath(pluginsFolder: string): string {
  return `${pluginsFolder}/${fileName}`;
}

/**
 * The grants of a plugins folder; none where there is no file.
 *
 * @throws {CliError} When it cannot be read or is not what this program wrote: then nothing is approved.
 */
export function readGrants(pluginsFolder: string): PluginGrants {
  const path = grantsPath(pluginsFolder);
  let text: string;
  try {
    const { size } = Deno.statSync(path);
    if (size > maxSizeBytes) throw damaged(path, `it is larger than ${maxSizeBytes} bytes`);
    // At once: with plugins every start does it, and reading in steps takes a millisecond more.
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error instanceof CliError ? error : fileError("open", path, error);
  }
  return parseGrants(text, path);
}

/**
 * Checks the text of a grants file.
 *
 * @param path What errors name.
 * @throws {CliError}
 */
function parseGrants(text: string, path: string): PluginGrants {
  const { version, plugins } = Object(parseJson(text, path));
  if (version !== 1 || typeof plugins !== "object" || plugins === null) {
    throw damaged(path, `it is not of version 1`);
  }
  return Object.fromEntries(
    Object.entries(plugins).map(([name, grant]) => [name, parseGrant(name, grant, path)]),
  );
}

/**
 * Reads the grants anew, changes and writes them, while others who do so wait; readable by their owner alone.
 *
 * @param change Changes what it is given.
 */
export async function editGrants(
  pluginsFolder: string,
  change: (grants: PluginGrants) => void,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  // Every start of a program with plugins reads grants; few write them.
  const { withLock } = await import("./files/lock.ts");
  const { writeFileAtomic } = await import("./files/atomic.ts");
  const path = grantsPath(pluginsFolder);
  await withLock(path, async () => {
    const plugins = readGrants(pluginsFolder);
    change(plugins);
    const text = JSON.stringify({ version: 1, plugins }, undefined, 2) + "\n";
    await writeFileAtomic(path, text, { mode: 0o600, createParents: true });
  }, options);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // It quotes the file, line ends and all.
    throw damaged(path, String(Object(cause).message).replaceAll(/\s+/g, " "), cause);
  }
}

function parseGrant(name: string, value: unknown, path: string): PluginGrant {
  const { source, sha256, approvedAt, permissions, rpcs } = Object(value);
  const isWhole = isPluginName(name) && typeof source === "string" &&
    typeof approvedAt === "string" &&
    typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
  if (!isWhole) throw damaged(path, `the entry ${JSON.stringify(name)} is not whole`);
  return { source, sha256, approvedAt, ...parseRights({ permissions, rpcs }, path) };
}

function damaged(path: string, reason: string, cause?: unknown): CliError {
  return new CliError(`reading ${path}: ${reason}`, {
    hint: `remove the file and approve your plugins again with "talosctl plugin add"`,
    cause,
  });
}
