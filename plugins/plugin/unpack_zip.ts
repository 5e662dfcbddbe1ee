/** The files of a zip archive. yauzl reads it: of the libraries it is the one that tells of what kind an entry is. */

import type { Entry } from "yauzl";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import type { GatheredFiles } from "./gathered_files.ts";

/** The file type bits of POSIX, in the upper half of the external attributes; 0 where the archive was made elsewhere. */
const fileType = { mask: 0o170000, regular: 0o100000, folder: 0o040000 };

/**
 * Adds all files of an archive.
 *
 * @throws {CliError} for anything that is neither file nor folder, and for what is no archive or damaged
 */
export async function unpackZip(bytes: Uint8Array, gathered: GatheredFiles): Promise<void> {
  const { default: yauzl } = await import("yauzl");
  const { Buffer } = await import("node:buffer");
  const { crc32 } = await import("node:zlib");
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let packedBytes = 0;
  try {
    // Names are checked with those of all other sources.
    const options = { lazyEntries: true, decodeStrings: false } as const;
    const archive = await yauzl.fromBufferPromise(buffer, options);
    for await (const entry of archive.eachEntry()) {
      const name = new TextDecoder().decode(entry.fileNameRaw);
      // Entries that share their bytes make a small archive hours of work.
      packedBytes += entry.compressedSize;
      if (packedBytes > bytes.length) throw new CliError("it is no whole zip archive");
      if (name.endsWith("/") || isFolder(entry, name)) continue;
      const stream = await archive.openReadStreamPromise(entry);
      // The library leaves the checksum to whoever reads.
      let checksum = 0;
      const content = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of stream) {
          checksum = crc32(chunk, checksum);
          yield chunk;
        }
      };
      await gathered.add(name, content());
      if (checksum !== entry.crc32) throw new CliError(`the file ${goQuote(name)} is damaged`);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`it is no whole zip archive: ${reason}`, { cause });
  }
}

function isFolder(entry: Entry, name: string): boolean {
  const type = (entry.externalFileAttributes >>> 16) & fileType.mask;
  if (type === fileType.folder) return true;
  if (type === 0 || type === fileType.regular) return false;
  throw new CliError(`the entry ${goQuote(name)} is not a file or folder`);
}
