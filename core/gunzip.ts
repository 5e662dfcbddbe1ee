/** Unpacking a gzip'ed stream whose sender may report a failure after the last byte of it. */

import { CliError } from "./errors.ts";

/** What is unpacked at a time: the whole of what is in it comes out in one, a thousand times as much at worst. */
const pieceBytes = 8 * 1024;

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
        for (let at = 0; at < chunk.length; at += pieceBytes) {
          yield new Uint8Array(chunk.subarray(at, at + pieceBytes));
        }
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
