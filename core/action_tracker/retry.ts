/** Trying until it works, with all that went wrong on the way as one error (spec/machine-ops.md, 6.3). */

import { CliError, RpcError } from "../errors.ts";
import { sleep } from "../sleep.ts";

/** Thrown by an attempt that is worth another one; its text is told should none succeed. */
export class RetryLater extends CliError {}

/** How attempts follow each other. */
export interface RetryOptions {
  pauseMs: number;
  /** Its abort ends the last attempt, which counts as a timeout. */
  signal: AbortSignal;
}

/**
 * Makes attempts until one succeeds.
 *
 * @throws {CliError} with the distinct texts of all attempts, in the order in which they first appeared
 */
export async function retry(attempt: () => Promise<void>, options: RetryOptions): Promise<void> {
  const { pauseMs, signal } = options;
  const texts = new Set<string>();
  const failure = (cause: unknown) =>
    new CliError(
      `${texts.size} error(s) occurred:${[...texts].map((text) => `\n\t${text}`).join("")}`,
      {
        cause,
      },
    );
  while (true) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (error instanceof RetryLater) texts.add(error.message);
      if (signal.aborted) {
        texts.add(isDeadlineExceeded(error) ? error.message : "timeout");
        throw failure(error);
      }
      if (!(error instanceof CliError)) throw error;
      texts.add(error.message);
      if (!(error instanceof RetryLater)) throw failure(error);
    }
    try {
      await sleep(pauseMs, signal);
    } catch (error) {
      texts.add("timeout");
      throw failure(error);
    }
  }
}

function isDeadlineExceeded(error: unknown): error is RpcError {
  return error instanceof RpcError && error.code === "DeadlineExceeded";
}
