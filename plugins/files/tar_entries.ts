/** The entries of a tar archive as it arrives. tar-stream reads the headers: long names and odd sizes are its business. */

import type { Header } from "tar-stream";
import type { Writable } from "node:stream";
import { CliError } from "../../core/errors.ts";

/** One entry; the next comes when its content was read to the end. */
export interface TarEntry {
  header: Header;
  content: AsyncIterable<Uint8Array>;
}

/**
 * Reads an archive, entry by entry, holding no more than a few chunks of it.
 *
 * @throws {CliError} in Go's words for what is no archive, or one cut short; what `bytes` throws.
 */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const [{ default: tar }, { pipeline, Readable }] = await Promise.all([
    import("tar-stream"),
    import("node:stream"),
  ]);
  const extract = tar.extract();
  // Its failures reach the loop below: the library's stream is destroyed with them.
  pipeline(Readable.from(bytes), extract as unknown as Writable, () => {});
  try {
    for await (const entry of extract) {
      // The library reads bytes, and its types do not say so.
      const content = entry as unknown as AsyncIterable<Uint8Array>;
      yield { header: entry.header, content: inGoWords(content) };
    }
  } catch (error) {
    throw archiveError(error);
  }
}

async function* inGoWords(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw archiveError(error);
  }
}

function archiveError(error: unknown): unknown {
  if (error instanceof CliError || !(error instanceof Error)) return error;
  const isCut = error.message === "Unexpected end of data";
  return new CliError(isCut ? "unexpected EOF" : "archive/tar: invalid tar header", {
    cause: error,
  });
}
