/** Messages of a byte stream put together: nodes send 1 KiB at a time, and each has a long way to go through a program. */

import type { Data } from "../../proto/gen/common/common.ts";
import { concatBytes } from "../bytes.ts";

/** The messages with the bytes of those in a row as one; a failure among them stays in its place, as does an exception. */
export function* joinData(messages: Iterable<unknown>): Generator<unknown> {
  let parts: Uint8Array[] = [];
  const joined = (): Data => {
    const bytes = concatBytes(parts);
    parts = [];
    return { metadata: undefined, bytes };
  };
  let failure: { error: unknown } | undefined;
  try {
    for (const message of messages) {
      const { bytes, metadata }: Partial<Data> = Object(message);
      if (metadata === undefined && bytes !== undefined) {
        parts.push(bytes);
        continue;
      }
      if (parts.length > 0) yield joined();
      yield message;
    }
  } catch (error) {
    failure = { error };
  }
  if (parts.length > 0) yield joined();
  if (failure !== undefined) throw failure.error;
}
