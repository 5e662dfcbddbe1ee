/** The program as an archive: gzip-compressed tar, byte for byte the same for the same files. */

import type { Readable } from "node:stream";

/** A file that goes into an archive. */
export interface ArchivedFile {
  /** Its path in the archive. */
  name: string;
  /** Where it is now. */
  path: string;
  mode: number;
}

/** What npm dates its files with. Some tools take no time before 1980. */
const modified = new Date("1985-10-26T08:15:00Z");

/** All files below a folder, sorted by name, under `prefix` in the archive. */
export function filesBelow(folder: string, prefix: string): ArchivedFile[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }): ArchivedFile[] => {
    const file = { name: `${prefix}/${name}`, path: `${folder}/${name}`, mode: 0o644 };
    return isDirectory ? filesBelow(file.path, file.name) : [file];
  }).sort((one, other) => one.name < other.name ? -1 : 1);
}

/** The archive of some files, in their order. */
export async function archive(files: readonly ArchivedFile[]): Promise<Readable> {
  const { default: tar } = await import("tar-stream");
  const { createGzip } = await import("node:zlib");
  const { Buffer } = await import("node:buffer");
  const pack = tar.pack();
  for (const { name, path, mode } of files) {
    pack.entry({ name, mode, mtime: modified }, Buffer.from(await Deno.readFile(path)));
  }
  pack.finalize();
  return pack.pipe(createGzip());
}
