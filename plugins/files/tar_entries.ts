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
 * @param onBroken Told before such a failure is thrown.
 * @throws {CliError} in Go's words for what is no archive, or one cut short; what `bytes` throws.
 */
export async function* tarEntries(
  bytes: AsyncIterable<Uint8Array>,
  onBroken: () => void,
): AsyncGenerator<TarEntry> {
  const [{ default: tar }, { pipeline, Readable }] = await Promise.all([
    import("tar-stream"),
    import("node:stream"),
  ]);
  const extract = tar.extract();
  let failure: { error: unknown } | undefined;
  /** Whether the reader has taken all that there is. */
  let isWaiting = false;
  // A stream that breaks would take with it what was received and not yet read, so this one ends instead.
  async function* received(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      failure = { error };
    }
    // Where the end is missing, the library drops what it holds of an entry: only a reader who waits has all of it.
    for (let turns = 0; turns < 2; turns = isWaiting ? turns + 1 : 0) {
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  const reasonOf = (error: unknown) => {
    onBroken();
    return failure === undefined ? inGoWords(error) : failure.error;
  };
  async function* taken<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    const items = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        isWaiting = true;
        const next = await items.next();
        isWaiting = false;
        if (next.done) return;
        yield next.value;
      }
    } catch (error) {
      throw reasonOf(error);
    } finally {
      await items.return?.();
    }
  }

  // Its failures reach the loop below: the library's stream is destroyed with them.
  pipeline(Readable.from(received()), extract as unknown as Writable, () => {});
  try {
    for await (const entry of taken(extract)) {
      // The library reads bytes, and its types do not say so.
      yield { header: entry.header, content: taken(entry as AsyncIterable<Uint8Array>) };
    }
  } finally {
    isWaiting = true; // nobody reads any more
  }
  if (failure !== undefined) throw reasonOf(failure.error);
}

function inGoWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isCut = error.message === "Unexpected end of data";
  return new CliError(isCut ? "unexpected EOF" : "archive/tar: invalid tar header", {
    cause: error,
  });
}
