/** The folder that results are written to. */

import { CliError } from "../errors.ts";
import { fileError } from "./errors.ts";

/**
 * Makes a folder and those above it, for everybody as far as the umask allows.
 *
 * @throws {CliError} `failed to create output dir: …`
 */
export async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o777 });
  } catch (cause) {
    const { message } = fileError("mkdir", folder, cause);
    throw new CliError(`failed to create output dir: ${message}`, { cause });
  }
}
