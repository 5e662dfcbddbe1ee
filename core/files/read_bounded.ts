/** Reading a whole file that must not be large: what is no file of ours may be endless. */

import { CliError } from "../errors.ts";
import { fileError } from "./errors.ts";

/**
 * Reads a file, or a pipe, up to a size.
 *
 * @throws {CliError} in Go's words, with Deno's error as its cause; and when there is more than `maxSizeBytes`
 */
export async function readBounded(path: string, maxSizeBytes: number): Promise<Uint8Array> {
  using file = await open(path);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  while (true) {
    // A file comes in one piece, as large files would otherwise be in memory twice.
    const expected = sizeBytes === 0 ? await expectedSize(file) : 0;
    const chunk = new Uint8Array(Math.min(Math.max(expected, 64 * 1024), maxSizeBytes + 1));
    const count = await read(file, chunk, path);
    if (count === null) break;
    sizeBytes += count;
    if (sizeBytes > maxSizeBytes) {
      throw new CliError(`read ${path}: the file is larger than ${maxSizeBytes} bytes`);
    }
    chunks.push(chunk.subarray(0, count));
  }
  return joinBytes(chunks, sizeBytes);
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
}

/** What its file system says; 0 for pipes, and for files that are made while they are read. */
async function expectedSize(file: Deno.FsFile): Promise<number> {
  return (await file.stat()).size;
}

async function read(file: Deno.FsFile, chunk: Uint8Array, path: string): Promise<number | null> {
  try {
    return await file.read(chunk);
  } catch (error) {
    throw fileError("read", path, error);
  }
}

function joinBytes(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
