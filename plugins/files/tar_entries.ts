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
  let failure: { error: unknown } | undefined;
  // A stream that breaks would take with it what was received and not yet read, so this one ends instead.
  async function* received(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      failure = { error };
    }
  }
  const reasonOf = (error: unknown) => failure === undefined ? inGoWords(error) : failure.error;
  async function* contentOf(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
    try {
      // The library reads bytes, and its types do not say so.
      yield* entry as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw reasonOf(error);
    }
  }

  // Its failures reach the loop below: the library's stream is destroyed with them.
  pipeline(Readable.from(received()), extract as unknown as Writable, () => {});
  try {
    for await (const entry of extract) yield { header: entry.header, content: contentOf(entry) };
  } catch (error) {
    throw reasonOf(error);
  }
  if (failure !== undefined) throw failure.error;
}

function inGoWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isCut = error.message === "Unexpected end of data";
  return new CliError(isCut ? "unexpected EOF" : "archive/tar: invalid tar header", {
    cause: error,
  });
}
