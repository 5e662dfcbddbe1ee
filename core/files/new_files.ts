/** Files that a command makes together: none replaces an existing one unasked, and all appear or none. */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import { commitFiles, type StagedFile, stageFile, type WriteFileOptions } from "./atomic.ts";
import { exists } from "./exists.ts";

/** The paths at which something is already. */
export async function existingPaths(paths: readonly string[]): Promise<string[]> {
  const existing: string[] = [];
  for (const path of paths) if (await exists(path)) existing.push(path);
  return existing;
}

/** The text for a file that is in the way (spec/machine-config.md, 5). */
export function alreadyExists(path: string): string {
  return `file ${goQuote(path)} already exists, use --force to overwrite`;
}

/**
 * Fails where something is at the path and `force` is not given.
 *
 * @throws {CliError} that names the path
 */
export async function checkNew(path: string, force: boolean): Promise<void> {
  if (force) return;
  const [existing] = await existingPaths([path]);
  if (existing !== undefined) throw new CliError(alreadyExists(existing));
}

/** One file of a set. */
export interface NewFile {
  path: string;
  content: string | Uint8Array;
}

/**
 * Writes files, with mode 0600 unless told otherwise, so that a failure leaves none of them: each is written whole beside its place
 * before the first takes its place.
 *
 * @throws {CliError} in Go's words
 */
export async function writeTogether(
  files: readonly NewFile[],
  options: WriteFileOptions = {},
): Promise<void> {
  const stagings = await Promise.allSettled(
    files.map(({ path, content }) => stageFile(path, content, options)),
  );
  const staged: StagedFile[] = stagings.flatMap((each) =>
    each.status === "fulfilled" ? each.value : []
  );
  const failed = stagings.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    for (const file of staged) await file.discard();
    throw failed.reason;
  }
  await commitFiles(staged);
}
