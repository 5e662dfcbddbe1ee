/** Putting a kubeconfig where it belongs: merged or as it came, while everybody else who wants to waits. */

import { writeFileAtomic } from "../../core/files/atomic.ts";
import { exists } from "../../core/files/exists.ts";
import { withLock } from "../../core/files/lock.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import type { Conflict, Decision, Merged, Rename } from "./merge.ts";
import { mergeKubeconfigs } from "./merge.ts";
import { type Kubeconfig, readKubeconfig } from "./read.ts";
import { alreadyThere, type Target } from "./target.ts";
import { kubeconfigText } from "./write.ts";

/** What is to be done. */
export interface SaveOptions extends Pick<Target, "path" | "isSpecial"> {
  merge: boolean;
  force: boolean;
  forceContextName: string;
  /** Asks the user; absent: entries that differ are replaced with `force`, else renamed. */
  ask?: (conflict: Conflict) => Promise<Decision>;
  /** What is written as it came is read too, for the name of its context. */
  wantsContext: boolean;
  signal: AbortSignal;
}

/** What was done. */
export interface Saved {
  context: string;
  renamed: readonly Rename[];
}

/** Kubeconfigs of hundreds of clusters have a few megabytes. */
const maxFileBytes = 64 * 1024 * 1024;

/** Saves a kubeconfig of a node; when it fails, the file is as it was. */
export async function saveKubeconfig(bytes: Uint8Array, options: SaveOptions): Promise<Saved> {
  const { path, isSpecial, signal } = options;
  if (isSpecial) return await writeAsItIs(bytes, options);
  const answers = await answersOf(bytes, options);
  return await withLock(path, async () => {
    // Another one may have made it since the node was asked.
    if (!await exists(path)) return await writeAsItIs(bytes, options);
    if (options.merge) return await mergeInto(bytes, options, answers);
    if (!options.force) throw alreadyThere(path);
    return await writeAsItIs(bytes, options);
  }, { signal });
}

async function writeAsItIs(
  bytes: Uint8Array,
  { path, wantsContext }: SaveOptions,
): Promise<Saved> {
  const fresh = wantsContext ? await readKubeconfig(bytes) : undefined;
  await writeFileAtomic(path, bytes);
  return { context: String(fresh?.rest.get("current-context") ?? ""), renamed: [] };
}

/** The user's answers by conflict, taken before the file is locked: nobody waits for somebody who thinks. */
async function answersOf(
  bytes: Uint8Array,
  { path, merge, forceContextName, ask }: SaveOptions,
): Promise<ReadonlyMap<string, Decision>> {
  const answers = new Map<string, Decision>();
  if (ask === undefined || !merge || !await exists(path)) return answers;
  const fresh = await readKubeconfig(bytes);
  await mergeKubeconfigs(await readFile(path), fresh, {
    forceContextName,
    decide: async (conflict) => {
      const answer = await ask(conflict);
      answers.set(keyOf(conflict), answer);
      return answer;
    },
  });
  return answers;
}

async function mergeInto(
  bytes: Uint8Array,
  { path, force, forceContextName }: SaveOptions,
  answers: ReadonlyMap<string, Decision>,
): Promise<Saved> {
  const fresh = await readKubeconfig(bytes);
  const { config, renamed, context }: Merged = await mergeKubeconfigs(await readFile(path), fresh, {
    forceContextName,
    // What nobody was asked about is renamed, which loses nothing.
    decide: (conflict) =>
      Promise.resolve(force ? "overwrite" : answers.get(keyOf(conflict)) ?? "rename"),
  });
  await writeFileAtomic(path, kubeconfigText(config));
  return { context, renamed };
}

function keyOf({ component, name }: Conflict): string {
  return `${component} ${name}`;
}

async function readFile(path: string): Promise<Kubeconfig> {
  return await readKubeconfig(await readBounded(path, maxFileBytes));
}
