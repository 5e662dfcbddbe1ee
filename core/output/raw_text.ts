/** Bytes from nodes that are mostly text: untouched in a pipe, made safe by the frame on a terminal. */

import type { StreamInfo } from "../command.ts";
import { CliError } from "../errors.ts";

type Stdout = Pick<StreamInfo, "isTerminal">;

/**
 * What a command yields for bytes that go to stdout, which hold whole characters: the bytes themselves, or text where
 * a terminal would obey what is in them. There, what is no UTF-8 shows as U+FFFD.
 */
export function forTerminal(bytes: Uint8Array, { isTerminal }: Stdout): Uint8Array | string {
  return isTerminal ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : bytes;
}

/** The same for a stream of chunks that are cut anywhere. */
export async function* streamForTerminal(
  chunks: AsyncIterable<Uint8Array>,
  { isTerminal }: Stdout,
): AsyncGenerator<Uint8Array | string> {
  if (!isTerminal) return yield* chunks;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/**
 * Keeps bytes that are no text off a terminal, which would show nothing of use and obey some of it.
 *
 * @param what What the bytes are: `a compressed archive`.
 * @throws {CliError} where stdout is a terminal.
 */
export function refuseTerminal({ isTerminal }: Stdout, what: string): void {
  if (!isTerminal) return;
  throw new CliError(`writing to stdout: ${what} is nothing for a terminal`, {
    hint: "redirect the output to a file or another program",
  });
}
