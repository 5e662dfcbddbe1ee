/** The kernel log of a node while it is tracked, for `--debug` (spec/machine-ops.md, 6.6). */

import { CliError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import { isConnectionLoss, StreamEnd } from "./connection_loss.ts";
import type { Machine } from "./post_checks.ts";
import type { RetryOptions } from "./retry.ts";

/** So much is kept of each node, in UTF-16 units; what came first is dropped first. */
const keptSize = 1024 * 1024;

/** What a node's kernel has said so far. */
export interface KernelLog {
  text(): string;
  /** Resolves when nothing follows: some time after the signal has aborted. */
  ended: Promise<void>;
}

/** Keeps what is new in the log of a node, until the signal aborts. */
export function keepKernelLog(
  node: string,
  machine: Machine,
  options: RetryOptions,
): KernelLog {
  const { append, text } = ring();
  return { text, ended: follow((chunk) => append(`${node}: ${chunk}`), machine, options) };
}

async function follow(
  append: (chunk: string) => void,
  machine: Machine,
  { pauseMs, signal }: RetryOptions,
): Promise<void> {
  const decoder = new TextDecoder();
  while (!signal.aborted) {
    try {
      for await (const { bytes } of machine.dmesg({ follow: true, tail: true }, { signal })) {
        if (bytes.length > 0) append(decoder.decode(bytes));
      }
      throw new StreamEnd();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CliError)) throw error;
      if (!isConnectionLoss(error)) return append(`error streaming results: ${error.message}\n`);
    }
    await sleep(pauseMs, signal).catch(() => {}); // the condition of the loop looks at the signal
  }
}

function ring() {
  const chunks: string[] = [];
  let size = 0;
  return {
    append(chunk: string) {
      chunks.push(chunk);
      size += chunk.length;
      while (size > keptSize) size -= chunks.shift()?.length ?? size;
    },
    text: () => chunks.join(""),
  };
}
