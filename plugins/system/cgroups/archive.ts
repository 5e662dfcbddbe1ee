/** Reads a node's tar archive of small files into memory, within bounds. */

import { dataChunks } from "../../../core/client/data_stream.ts";
import { CliError } from "../../../core/errors.ts";
import type { Data } from "../../../proto/gen/common/common.ts";

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
 * Nodes end with an error when they had to skip a file, behind a complete archive: that one is not thrown.
 *
 * @param prefixes What stands before the text of a failed call, and of an archive that cannot be read.
 * @throws {CliError} for those, and for an archive that is too large.
 */
export async function readArchive(
  messages: AsyncIterable<Data>,
  prefixes: { opening: string; receiving: string },
): Promise<ArchiveEntry[]> {
  const bytes = await decompress(dataChunks(messages, prefixes), prefixes.receiving);
  // tar-stream: headers of long names and odd sizes are its business.
  const { default: tar } = await import("tar-stream");
  const extract = tar.extract();
  extract.end(bytes);
  const entries: ArchiveEntry[] = [];
  try {
    for await (const entry of extract) {
      const { name, type, linkname } = entry.header;
      const path = name.replace(/^(\.?\/)+/, "");
      const text = await textOf(entry);
      if (type === "symlink") entries.push({ path, kind: "symlink", text: linkname ?? "" });
      else if (type === "file") entries.push({ path, kind: "file", text });
    }
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${prefixes.receiving}: ${text}`, { cause });
  }
  return entries;
}

async function textOf(parts: AsyncIterable<unknown>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of parts) {
    if (part instanceof Uint8Array) text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

async function decompress(
  chunks: AsyncIterable<Uint8Array>,
  prefix: string,
): Promise<Uint8Array> {
  let failure: unknown;
  // An error would take what is not decompressed yet away with it.
  const received = async function* () {
    try {
      yield* chunks;
    } catch (error) {
      failure = error;
    }
  };
  const compressed = ReadableStream.from(received()) as ReadableStream<Uint8Array<ArrayBuffer>>;
  let bytes: Uint8Array;
  try {
    bytes = await collect(compressed.pipeThrough(new DecompressionStream("gzip")));
  } catch (cause) {
    if (failure !== undefined) throw failure;
    if (!(cause instanceof TypeError)) throw cause;
    throw new CliError(`${prefix}: ${cause.message}`, { cause });
  }
  if (failure !== undefined && !isComplete(bytes)) throw failure;
  return bytes;
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  for await (const part of stream) {
    sizeBytes += part.length;
    if (sizeBytes > maxSizeBytes) {
      throw new CliError(`reading an archive: it is larger than ${maxSizeBytes} bytes`);
    }
    parts.push(part.slice());
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Two blocks of zeros end an archive. */
function isComplete(bytes: Uint8Array): boolean {
  return bytes.length >= 1024 && bytes.subarray(-1024).every((byte) => byte === 0);
}
