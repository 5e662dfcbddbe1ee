/** A file as the messages of an upload. */

import { fileError } from "../../core/files/errors.ts";

/** What the official client sends at a time (spec/machine-ops.md, 8). */
const pieceBytes = 4096;
const blockBytes = 64 * pieceBytes;

/**
 * The content of a file, read as it is taken.
 *
 * @throws {CliError} for the file, in Go's words.
 */
export async function* uploadPieces(path: string): AsyncGenerator<{ bytes: Uint8Array }> {
  try {
    using file = await Deno.open(path, { read: true });
    for (;;) {
      const block = new Uint8Array(blockBytes);
      const count = await file.read(block);
      if (count === null) return;
      for (let at = 0; at < count; at += pieceBytes) {
        yield { bytes: block.subarray(at, Math.min(at + pieceBytes, count)) };
      }
    }
  } catch (error) {
    throw fileError("read", path, error);
  }
}
