/** What is installed, without running any of it: each plugin's folder held against its manifest and its grant. */

import { CliError } from "../../core/errors.ts";
import { pluginFolders } from "../../core/plugin_folders.ts";
import { type PluginGrant, type PluginGrants, readGrants } from "../../core/plugin_grants.ts";
import { hashFolder } from "../../core/plugin_hash.ts";
import { type PluginManifest, readManifest } from "../../core/plugin_manifest.ts";

/** `missing`: approved once, and its folder is gone. */
export type PluginState = "approved" | "not approved" | "changed" | "broken" | "missing";

/** A plugin as it is on this machine. */
export interface InstalledPlugin {
  /** Its folder's. */
  name: string;
  folder: string;
  pluginsFolder: string;
  state: PluginState;
  /** What is wrong with a broken one. */
  problem?: string;
  manifest?: PluginManifest;
  grant?: PluginGrant;
}

/** All plugins, in the order in which they are loaded; grants that cannot be read approve nothing. */
export interface Installation {
  plugins: readonly InstalledPlugin[];
  grantErrors: readonly CliError[];
}

/** Looks at all plugin folders. */
export async function readInstallation(
  env: (name: string) => string | undefined,
): Promise<Installation> {
  const plugins: InstalledPlugin[] = [];
  const grantErrors: CliError[] = [];
  for (const pluginsFolder of realFolders(pluginFolders(env))) {
    let grants: PluginGrants = {};
    try {
      grants = readGrants(pluginsFolder);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      grantErrors.push(error);
    }
    const names = namesIn(pluginsFolder);
    for (const name of names) plugins.push(await readPlugin(pluginsFolder, name, grants));
    for (const [name, grant] of Object.entries(grants)) {
      if (names.includes(name)) continue;
      const folder = `${pluginsFolder}/${name}`;
      plugins.push({ name, folder, pluginsFolder, state: "missing", grant });
    }
  }
  return { plugins, grantErrors };
}

/**
 * The installed plugin of a name; of several, the one that is loaded first.
 *
 * @throws {CliError} when there is none
 */
export async function findInstalled(
  name: string,
  env: (name: string) => string | undefined,
): Promise<InstalledPlugin> {
  const { plugins } = await readInstallation(env);
  const found = plugins.find((plugin) => plugin.name === name);
  if (found !== undefined) return found;
  throw new CliError(`looking for plugin "${name}": it is not installed`, {
    hint: '"talosctl plugin list" shows what is',
  });
}

/** One plugin, whether or not anything is at its place. */
export async function readPlugin(
  pluginsFolder: string,
  name: string,
  grants: PluginGrants,
): Promise<InstalledPlugin> {
  const folder = `${pluginsFolder}/${name}`;
  const grant = Object.hasOwn(grants, name) ? grants[name] : undefined;
  const place = { name, folder, pluginsFolder, ...(grant === undefined ? {} : { grant }) };
  try {
    const manifest = await readManifest(folder);
    if (manifest.name !== name) {
      const problem = `plugin.json calls it "${manifest.name}", its folder "${name}"`;
      return { ...place, manifest, state: "broken", problem };
    }
    const sha256 = await hashFolder(folder);
    const state = grant === undefined
      ? "not approved"
      : grant.sha256 === sha256
      ? "approved"
      : "changed";
    return { ...place, manifest, state };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { ...place, state: "broken", problem: error.message };
  }
}

function realFolders(folders: readonly string[]): string[] {
  return [
    ...new Set(folders.flatMap((folder) => {
      try {
        return [Deno.realPathSync(folder)];
      } catch {
        return []; // absent or out of reach: there are no plugins
      }
    })),
  ];
}

function namesIn(pluginsFolder: string): string[] {
  return [...Deno.readDirSync(pluginsFolder)]
    .filter(({ isFile, name }) => !isFile && !name.startsWith("."))
    .map(({ name }) => name).sort();
}
