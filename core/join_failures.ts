/** Several failures as one error: a line for each, which commands that ask many nodes end with. */

import { CliError, hintOf } from "./errors.ts";

/**
 * One error for failures that stand side by side, none of which hides the others.
 *
 * @param failures In order of arrival, each with the text of its line.
 * @returns Its cause is the failure whose hint is to be shown: the first that has one.
 */
export function joinFailures(failures: readonly CliError[]): CliError {
  const cause = failures.find((failure) => hintOf(failure) !== undefined) ?? failures[0];
  return new CliError(failures.map(({ message }) => message).join("\n"), { cause });
}
