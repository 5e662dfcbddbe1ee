/** The files of a `gen secureboot` command, written to its output folder. */

import type { Context } from "../../../core/command.ts";
import { checkNew, writeTogether } from "../../../core/files/new_files.ts";
import { joinPath } from "../../../core/files/join_path.ts";
import type { InheritedFlags } from "./group.ts";

/** Where files go, as the command line says. */
export type OutputContext = Pick<Context<InheritedFlags>, "flags" | "note">;

/**
 * Fails where one of the files exists and `--force` is not given.
 *
 * Unlike the official client this looks at all files before any is written: a key and a certificate of
 * different runs would not fit each other.
 *
 * @throws {CliError} that names the first of them
 */
export async function checkOutput(
  { flags: { output, force } }: OutputContext,
  names: readonly string[],
): Promise<void> {
  for (const name of names) await checkNew(joinPath(output, name), force);
}

/** Writes the files, by their names, and says so. */
export async function writeOutput(
  { flags: { output }, note }: OutputContext,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const files = Object.entries(contents)
    .map(([name, content]) => ({ path: joinPath(output, name), content }));
  for (const { path } of files) note(`writing ${path}`);
  await writeTogether(files, { createParents: true });
}
