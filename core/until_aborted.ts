/** Turning away from work that cannot be called off, such as making a key. */

import { CliError } from "./errors.ts";

/**
 * Waits for a promise until `signal` aborts; the work itself then goes on unheeded.
 *
 * @throws {CliError} `context canceled` once the signal aborts
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new CliError("context canceled", { cause: signal.reason }));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
