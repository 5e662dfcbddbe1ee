/** Writing of a result to the file that `--output` names, with the folders above it. */

import { writeFileAtomic } from "../../core/files/atomic.ts";
import { directoryOf } from "../../core/files/location.ts";
import { makeOutputFolder } from "../../core/files/output_folder.ts";

/** Writes a file that others may read (mode 0644), over one that exists. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  await makeOutputFolder(directoryOf(path));
  await writeFileAtomic(path, bytes, { mode: 0o644 });
}
