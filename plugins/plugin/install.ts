/** The last steps of adding and updating: what an approved plugin declares is learnt, then it takes its place. */

import type { CommandSpec, Context } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { withLock } from "../../core/files/lock.ts";
import { editGrants, type PluginGrant } from "../../core/plugin_grants.ts";
import type { PluginRights } from "../../core/plugin_manifest.ts";
import { removeTree, type StagedPlugin } from "./staged_plugin.ts";

/** What installing takes of a command's context. */
export type InstallContext = Pick<Context, "host" | "note" | "now" | "signal">;

/** A plugin that was approved, staged or in its place already. */
export interface Candidate {
  /** Where its files are. */
  folder: string;
  /** Where they are going to be; the same for one in its place. */
  place: string;
  rights: PluginRights;
}

/**
 * Runs the `register` of a plugin that the user has approved; its commands that can be run.
 *
 * @param attempt Starts the error, such as `adding greet`.
 * @throws {CliError} where it fails or wants what others have
 */
export async function learnCommands(
  { host, note }: InstallContext,
  attempt: string,
  { folder, place, rights }: Candidate,
): Promise<readonly CommandSpec[]> {
  const options = { replaces: place };
  const { commands, warnings } = await withPrefix(
    attempt,
    host.inspectPlugin(folder, rights, options),
  );
  if (warnings.length === 0) return commands.filter(({ runnable }) => runnable !== false);
  for (const warning of warnings) note(warning.replaceAll(folder, place));
  throw new CliError(`${attempt}: it wants names that are taken, nothing was changed`);
}

/** Puts a staged plugin in the place of an older one, if there is any, and remembers what was approved. */
export async function putInPlace(
  staged: StagedPlugin,
  rights: PluginRights,
  context: InstallContext,
): Promise<void> {
  const { folder, pluginsFolder, manifest } = staged;
  const place = `${pluginsFolder}/${manifest.name}`;
  const old = `${pluginsFolder}/.removed-${crypto.randomUUID().slice(0, 8)}`;
  await withChangeLock(pluginsFolder, context.signal, async () => {
    // A crash in between leaves a folder that differs from its grant, and such a one is not run.
    const hasOld = await move(place, old);
    try {
      await move(folder, place);
      await remember(pluginsFolder, manifest.name, grantOf(staged, rights, context));
    } catch (error) {
      if (hasOld) {
        await removeTree(place);
        await move(old, place);
      }
      throw error;
    }
    await removeTree(old);
  });
}

/** What is written down of an approval. */
export function grantOf(
  { source, sha256 }: Pick<PluginGrant, "source" | "sha256">,
  { permissions, rpcs }: PluginRights,
  { now }: Pick<Context, "now">,
): PluginGrant {
  return { source, sha256, permissions, rpcs, approvedAt: now().toISOString() };
}

/** Writes a grant, or with `undefined` removes it. */
export async function remember(
  pluginsFolder: string,
  name: string,
  grant: PluginGrant | undefined,
): Promise<void> {
  await editGrants(pluginsFolder, (grants) => {
    if (grant === undefined) delete grants[name];
    else grants[name] = grant;
  });
}

/** Folders and grants of a plugins folder change together: one process at a time does so. */
export function withChangeLock<T>(
  pluginsFolder: string,
  signal: AbortSignal,
  action: () => Promise<T>,
): Promise<T> {
  return withLock(`${pluginsFolder}/.changes`, action, { signal });
}

/** Whether there was anything. */
async function move(from: string, to: string): Promise<boolean> {
  try {
    await Deno.rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw fileError("rename", from, error);
  }
}
