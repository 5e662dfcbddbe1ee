/** Saving a stream that ends in its own checksum: nothing has the final name before all of it is on the disk and proved right. */

import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { fileError } from "../../core/files/errors.ts";
import { SteadyFile } from "./steady_file.ts";
import { checksumBytes, TrailingChecksum } from "./trailing_checksum.ts";

/** Databases are whole pages, and none has smaller ones; what is beyond them is the checksum. */
const smallestPageBytes = 512;

/**
 * Writes the stream to `<path>.part`, and renames that once it is complete (spec/machine-ops.md, 15.3).
 *
 * @param open Starts the stream; called when the file could be made.
 * @returns The length in bytes.
 * @throws {CliError} for a stream that breaks off or does not fit its checksum, and for files; then no new file is left.
 */
export async function saveSnapshot(
  open: () => AsyncIterable<Uint8Array>,
  path: string,
): Promise<number> {
  const part = `${path}.part`;
  const file = await withPrefix("error creating temporary file", SteadyFile.create(part));
  try {
    const sizeBytes = await fill(file, open());
    await rename(part, path);
    return sizeBytes;
  } catch (error) {
    await removeQuietly(part);
    throw error;
  }
}

/** Writes all of it, sees it to the disk, and closes the file in any case. */
async function fill(file: SteadyFile, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  await using _closed = file;
  const checksum = new TrailingChecksum();
  for await (const chunk of chunks) {
    checksum.update(chunk);
    await file.add(chunk);
  }
  await file.finish();
  const { sizeBytes } = checksum;
  if (sizeBytes % smallestPageBytes !== checksumBytes) {
    throw new CliError(`sha256 checksum not found (size ${sizeBytes})`);
  }
  if (!checksum.isRight()) {
    throw new CliError(`sha256 checksum does not match the snapshot (size ${sizeBytes})`, {
      hint: "What arrived is not what the node's etcd sent: take the snapshot again",
    });
  }
  return sizeBytes;
}

async function rename(part: string, path: string): Promise<void> {
  try {
    await Deno.rename(part, path);
  } catch (error) {
    const { message } = fileError("rename", `${part} ${path}`, error);
    throw new CliError(`error renaming to final location: ${message}`, { cause: error });
  }
}

async function removeQuietly(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch {
    // The error that led here is the one the user must see.
  }
}
