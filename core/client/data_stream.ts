/** Streams of `common.Data`: their bytes, and their failures in the official client's two wordings. */

import type { Data, Metadata } from "../../proto/gen/common/common.ts";
import { CliError, RpcError, statusNames, UnopenedCallError } from "../errors.ts";

/** How failures of a stream are told: what stands before their text; absent: nothing. */
export interface StreamFailures {
  /** Where no endpoint could be reached: `error reading file`. */
  opening?: string;
  /** For every other failure of the call, whoever reported it: `error reading`. */
  receiving?: string;
  /** Told before a failure goes on that some of the bytes had come. */
  onPartial?: (failure: RpcError) => void;
}

/**
 * The bytes of a stream of one node, as they come (spec/machine-read.md, 28.5).
 *
 * @throws {CliError} `<prefix>: <the call's error>`; what is no failure of the call is thrown as it is.
 */
export async function* dataChunks(
  messages: AsyncIterable<Data>,
  { opening, receiving, onPartial }: StreamFailures = {},
): AsyncGenerator<Uint8Array> {
  let hasCome = false;
  try {
    for await (const { bytes, metadata } of messages) {
      const failure = failureIn(metadata);
      if (failure?.code === "Canceled" || failure?.code === "DeadlineExceeded") return;
      if (failure !== undefined) throw failure;
      if (bytes.length === 0) continue;
      hasCome = true;
      yield bytes;
    }
  } catch (error) {
    if (hasCome && error instanceof RpcError) onPartial?.(error);
    const prefix = error instanceof UnopenedCallError ? opening : receiving;
    if (!(error instanceof RpcError) || prefix === undefined) throw error;
    throw new CliError(`${prefix}: ${error.message}`, { cause: error });
  }
}

/** A failure that a server of another kind hands on inside a message. */
function failureIn(metadata: Metadata | undefined): RpcError | undefined {
  if (metadata === undefined || metadata.error === "") return undefined;
  const { error, status } = metadata;
  return new RpcError(statusNames[status?.code ?? 2] ?? "Unknown", status?.message ?? error);
}
