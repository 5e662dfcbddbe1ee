/**
 * The files of a zip archive, read from its central directory: that is where the kind of an entry stands, which the
 * libraries at hand do not tell, so that links could not be refused.
 */

import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import type { GatheredFiles } from "./gathered_files.ts";

/** An entry of the central directory. */
interface ZipEntry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  isEncrypted: boolean;
  checksum: number;
  packedBytes: number;
  sizeBytes: number;
  /** The file type bits of POSIX; 0 where the archive was made elsewhere. */
  fileType: number;
  headerAt: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const headerSignature = 0x04034b50;
const endBytes = 22;
/** A comment of at most 64 KiB may stand behind the end record. */
const maxCommentBytes = 0xffff;
const regularFile = 0o100000;
const folder = 0o040000;

/**
 * Adds all files of an archive.
 *
 * @throws {CliError} for anything that is neither file nor folder, and for what is no archive or damaged
 */
export async function unpackZip(bytes: Uint8Array, gathered: GatheredFiles): Promise<void> {
  const { crc32 } = await import("node:zlib");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const entry of readable(() => entriesOf(view))) {
    const kind = entry.fileType === 0 ? regularFile : entry.fileType;
    if (entry.name.endsWith("/") || kind === folder) continue;
    if (kind !== regularFile) {
      throw new CliError(`the entry ${goQuote(entry.name)} is not a file or folder`);
    }
    if (entry.isEncrypted || (entry.method !== 0 && entry.method !== 8)) {
      throw new CliError(`the file ${goQuote(entry.name)} is encrypted or packed in a rare way`);
    }
    const packed = readable(() => packedOf(view, entry));
    await gathered.add(entry.name, entry.method === 0 ? [packed] : inflated(packed, entry));
    const content = [...gathered.files.values()].at(-1) ?? new Uint8Array();
    if (content.length !== entry.sizeBytes || crc32(content) !== entry.checksum) {
      throw new CliError(`the file ${goQuote(entry.name)} is damaged`);
    }
  }
}

/** Positions are the archive's own claims: one that points nowhere is a damaged archive. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RangeError) throw new CliError("it is no whole zip archive", { cause });
    throw cause;
  }
}

function entriesOf(view: DataView): ZipEntry[] {
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== entrySignature) throw new RangeError("no entry");
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(
        new Uint8Array(view.buffer, view.byteOffset + at + 46, nameBytes),
      ),
      method: view.getUint16(at + 10, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      checksum: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      fileType: view.getUint16(at + 40, true) & 0o170000,
      headerAt: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function endOf(view: DataView): number {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= 0 && at >= last - maxCommentBytes; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  throw new RangeError("no end record");
}

function packedOf(view: DataView, { headerAt, packedBytes }: ZipEntry): Uint8Array<ArrayBuffer> {
  if (view.getUint32(headerAt, true) !== headerSignature) throw new RangeError("no header");
  const skippedBytes = 30 + view.getUint16(headerAt + 26, true) +
    view.getUint16(headerAt + 28, true);
  const start = view.byteOffset + headerAt + skippedBytes;
  return new Uint8Array(view.buffer, start, packedBytes).slice();
}

async function* inflated(
  packed: Uint8Array<ArrayBuffer>,
  { name }: ZipEntry,
): AsyncGenerator<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  try {
    yield* stream;
  } catch (cause) {
    throw new CliError(`the file ${goQuote(name)} is damaged`, { cause });
  }
}
