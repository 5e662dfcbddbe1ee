/** The files of an editing session: private, named as the official client names them, one a round. */

import type { Context } from "../../core/command.ts";
import { fileError } from "../../core/files/errors.ts";
import { configType } from "./config_in_force.ts";

/** A configuration can hold all keys of a cluster. */
const ownerOnly = 0o600;

/** Writes a text to a new file of the temporary folder; its path. */
export async function writeEditedFile(env: Context["env"], text: string): Promise<string> {
  const folder = temporaryFolder(env);
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  const path = `${folder}/${configType}-v1alpha1-edit-${number}.yaml`;
  try {
    await Deno.writeTextFile(path, text, { createNew: true, mode: ownerOnly });
  } catch (error) {
    throw fileError("open", path, error);
  }
  return path;
}

/** What was saved. */
export async function readEditedFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
}

/** Removes the files of all rounds; an editor may have moved one away. */
export async function removeEditedFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw fileError("remove", path, error);
    }
  }
}

function temporaryFolder(env: Context["env"]): string {
  const folder = Deno.build.os === "windows" ? env("TEMP") || "C:\\Windows\\Temp" : env("TMPDIR");
  return (folder || "/tmp").replace(/[/\\]+$/, "");
}
