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
  // A file comes in one piece, as a large one would otherwise be in memory twice. Pipes have no size.
  let chunkBytes = Math.min((await file.stat()).size, maxSizeBytes + 1);
  while (true) {
    const chunk = newBytes(Math.max(chunkBytes, 64 * 1024));
    const count = await read(file, chunk, path);
    if (count === null) break;
    chunkBytes = 0;
    sizeBytes += count;
    if (sizeBytes > maxSizeBytes) {
      throw new CliError(`read ${path}: the file is larger than ${maxSizeBytes} bytes`);
    }
    chunks.push(chunk.subarray(0, count));
  }
  return joinBytes(chunks, sizeBytes);
}

/**
 * Large ones are in buffers that could be resized: these come from the system and go back to it. Others come from the
 * C library, which, once a large one was freed, keeps megabytes of whatever else is freed.
 */
function newBytes(sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (sizeBytes < 128 * 1024) return new Uint8Array(sizeBytes);
  return new Uint8Array(new ArrayBuffer(sizeBytes, { maxByteLength: sizeBytes }));
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw fileError("open", path, error);
  }
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
