/** Where certificates and keys are written: the working directory, whatever folder a name contains. */

import { countedErrors } from "../../core/counted_errors.ts";
import { alreadyExists, existingPaths } from "../../core/files/new_files.ts";

/** The file of this name in the working directory. */
export function fileInWorkingDirectory(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/**
 * Fails where any of the files exists and `force` is not given.
 *
 * @throws {CliError} with a line for each of them
 */
export async function checkAllNew(paths: readonly string[], force: boolean): Promise<void> {
  if (force) return;
  const existing = await existingPaths(paths);
  if (existing.length > 0) throw countedErrors(existing.map(alreadyExists));
}
