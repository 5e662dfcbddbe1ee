/** Where generated files go (spec/machine-config.md, 2.2). */

import { checkNew, type NewFile, writeTogether } from "../../files/new_files.ts";
import { joinPath } from "../../files/join_path.ts";
import { directoryOf } from "../../files/location.ts";
import { makeOutputFolder } from "../../files/output_folder.ts";
import type { ConfigFlags } from "./flags.ts";
import { outputTypes } from "./request.ts";

/** A file to be made. */
export interface Destination {
  /** One of {@linkcode outputTypes}. */
  type: string;
  path: string;
}

/** The files that are asked for, in the order in which they are made. */
export function destinationsOf(flags: ConfigFlags): Destination[] {
  const { output, outputDir, outputTypes: given } = flags;
  const selected = outputTypes.filter((type) => given.includes(type));
  if (output !== "" && given.length === 1) {
    return selected.map((type) => ({ type, path: output }));
  }
  const folder = output || outputDir || Deno.cwd();
  return selected.map((type) => ({ type, path: joinPath(folder, fileNames[type] ?? type) }));
}

const fileNames: Readonly<Record<string, string>> = {
  controlplane: "controlplane.yaml",
  worker: "worker.yaml",
};

/** @throws {CliError} for the first file that exists, unless `force` is given */
export async function checkAllNew(files: readonly { path: string }[], force: boolean) {
  for (const { path } of files) await checkNew(path, force);
}

/**
 * Writes the files, all or none, for everybody to read.
 *
 * @throws {CliError} in Go's words
 */
export async function writeOutputs(files: readonly NewFile[]): Promise<void> {
  for (const folder of new Set(files.map(({ path }) => directoryOf(path)))) {
    await makeOutputFolder(folder);
  }
  await writeTogether(files, { mode: 0o644 });
}
