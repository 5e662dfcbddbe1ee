/** Reads a node's tar archive of small files into memory, within bounds. */

import { CliError } from "../../../core/errors.ts";

/** One entry that is no folder. */
export interface ArchiveEntry {
  /** Relative to what was copied. */
  path: string;
  kind: "file" | "symlink";
  /** A file's text, or where a link leads. */
  text: string;
}

/** Far above what the kernel's own filesystems hold; more than that is no such archive. */
const maxSizeBytes = 256 * 1024 * 1024;

/**
 * The files and links of a gzip-compressed archive, in its order.
 *
 * @throws What `chunks` throws; and {@linkcode CliError} for what is no such archive, or one too large.
 */
export async function readArchive(chunks: AsyncIterable<Uint8Array>): Promise<ArchiveEntry[]> {
  // tar-stream: headers of long names and odd sizes are its business.
  const [{ default: tar }, { Readable }] = await Promise.all([
    import("tar-stream"),
    import("node:stream"),
  ]);
  const compressed = ReadableStream.from(chunks) as ReadableStream<Uint8Array<ArrayBuffer>>;
  const bytes = compressed.pipeThrough(new DecompressionStream("gzip"));
  const extract = Readable.from(bounded(bytes)).pipe(tar.extract());
  const entries: ArchiveEntry[] = [];
  for await (const entry of extract) {
    const { name, type, linkname } = entry.header;
    const path = name.replace(/^(\.?\/)+/, "");
    const text = await readText(entry);
    if (type === "symlink") entries.push({ path, kind: "symlink", text: linkname ?? "" });
    else if (type === "file") entries.push({ path, kind: "file", text });
  }
  return entries;
}
