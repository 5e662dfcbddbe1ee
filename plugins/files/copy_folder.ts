/** The local folder that `copy` writes into (spec/machine-read.md, 17). */

import { normalize } from "@std/path";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";

/**
 * Makes the folder with all above it, unless it is there.
 *
 * @returns Its path in the shortest form, without a slash at the end.
 * @throws {CliError} where the path is taken by something else, or cannot be made.
 */
export async function prepareFolder(localPath: string): Promise<string> {
  const path = normalize(localPath).replace(/(?<=.)\/+$/, "");
  const kind = await kindOf(path);
  if (kind === "other") throw new CliError(`local path "${localPath}" should be a directory`);
  if (kind === "absent") {
    try {
      await Deno.mkdir(path, { recursive: true, mode: 0o777 });
    } catch (error) {
      const { message } = fileError("mkdir", path, error);
      throw new CliError(`error creating local path "${path}": ${message}`, { cause: error });
    }
  }
  return path;
}

async function kindOf(path: string): Promise<"directory" | "other" | "absent"> {
  try {
    return (await Deno.stat(path)).isDirectory ? "directory" : "other";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "absent";
    const { message } = fileError("stat", path, error);
    throw new CliError(`failed to stat local path: ${message}`, { cause: error });
  }
}
