/** Several errors in the counted form of checks (spec/machine-config.md, 1). */

import { CliError } from "./errors.ts";

/** `2 errors occurred:` and a line for each; the text ends with two newlines. */
export function countedText(messages: readonly string[]): string {
  const count = messages.length === 1 ? "1 error" : `${messages.length} errors`;
  const lines = messages.map((message) => `\t* ${message}\n`);
  return `${count} occurred:\n${lines.join("")}\n`;
}

/** The error with {@linkcode countedText}. */
export function countedErrors(messages: readonly string[]): CliError {
  return new CliError(countedText(messages));
}
