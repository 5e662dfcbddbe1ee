/** Putting what was tried in front of an error's text. */

import { CliError } from "./errors.ts";

/**
 * Waits for a promise; an error a user can mend becomes `<prefix>: <text>`, hint and status kept.
 *
 * @throws {CliError} with the prefix; every other error as it is.
 */
export async function withPrefix<T>(prefix: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { exitCode, hint } = error;
    throw new CliError(`${prefix}: ${error.message}`, {
      exitCode,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
