/** The logs of a local cluster as one archive. */

import { writeFileAtomic } from "../../core/files/atomic.ts";

/** Writes every `*.log` of a cluster's folder into a gzip-compressed tar archive, atomically. */
export async function saveLogsArchive(folder: string, path: string): Promise<void> {
  // tar-stream: headers of long names and odd sizes are its business.
  const { default: tar } = await import("tar-stream");
  const { createGzip } = await import("node:zlib");
  const pack = tar.pack();
  const compressed = pack.pipe(createGzip());
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (!isFile || !name.endsWith(".log")) continue;
    pack.entry({ name, mode: 0o644 }, Buffer.from(await Deno.readFile(`${folder}/${name}`)));
  }
  pack.finalize();
  await writeFileAtomic(path, compressed, { mode: 0o644 });
}
