/** Putting what was tried in front of an error's text. */

import { CliError, ReportedError } from "./errors.ts";

/**
 * Waits for a promise; an error a user can mend becomes `<prefix>: <text>`, hint and status kept.
 *
 * @throws {CliError} with the prefix; what the user was told of already, and every other error, as it is.
 */
export async function withPrefix<T>(prefix: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof CliError) || error instanceof ReportedError) throw error;
    const { exitCode, hint } = error;
    throw new CliError(`${prefix}: ${error.message}`, {
      exitCode,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
