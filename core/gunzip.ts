/** Unpacking a gzip'ed stream whose sender may report a failure after the last byte of it. */

import { CliError } from "./errors.ts";

/**
 * The unpacked bytes. A sender's failure is thrown where it cut the stream short; where the stream was
 * whole already, it is handed to `onLateFailure`.
 *
 * @throws {CliError} for what is no gzip, in Go's words; what `chunks` throws.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  onLateFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  let failure: { error: unknown } | undefined;
  async function* packed(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      for await (const chunk of chunks) {
        isEmpty = false;
        yield new Uint8Array(chunk);
      }
    } catch (error) {
      failure = { error }; // a stream that breaks loses what was unpacked and not yet read
    }
  }
  let hasBegun = false;
  try {
    for await (
      const bytes of ReadableStream.from(packed()).pipeThrough(new DecompressionStream("gzip"))
    ) {
      hasBegun = true;
      yield bytes;
    }
  } catch (cause) {
    if (failure !== undefined) throw failure.error;
    if (isEmpty) throw new CliError("EOF", { cause });
    throw new CliError(hasBegun ? "unexpected EOF" : "gzip: invalid header", { cause });
  }
  if (failure !== undefined) onLateFailure(failure.error);
  else if (isEmpty) throw new CliError("EOF");
}
