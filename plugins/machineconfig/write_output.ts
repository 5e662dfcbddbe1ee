/** Writing of a result to the file that `--output` names, with the folders above it. */

import { CliError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files/atomic.ts";
import { fileError } from "../../core/files/errors.ts";
import { directoryOf } from "../../core/files/location.ts";

/** Writes a file that others may read (mode 0644), over one that exists. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  const folder = directoryOf(path);
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o777 });
  } catch (cause) {
    const { message } = fileError("mkdir", folder, cause);
    throw new CliError(`failed to create output dir: ${message}`, { cause });
  }
  await writeFileAtomic(path, bytes, { mode: 0o644 });
}
