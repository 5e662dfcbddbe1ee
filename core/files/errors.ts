/** Failed file operations in the words of the official client: `open a.crt: no such file or directory`. */

import { CliError } from "../errors.ts";

/**
 * The error of an operation on a path, as Go words it (spec/client.md, 1.2): operation, path, and the
 * system's own text in lower case.
 *
 * @param operation The name of the system call: `open`, `read`, `write`, `mkdir`, `rename`, …
 * @param cause What Deno threw.
 */
export function fileError(operation: string, path: string, cause: unknown): CliError {
  if (cause instanceof Deno.errors.NotCapable) {
    return new CliError(`${operation} ${path}: not permitted to this program`, {
      hint: cause.message,
      cause,
    });
  }
  return new CliError(`${operation} ${path}: ${systemText(cause)}`, { cause });
}

function systemText(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  // Deno: "No such file or directory (os error 2): open '/the/path'".
  return /^(.+?) \(os error \d+\)/.exec(message)?.[1]?.toLowerCase() ?? message;
}

/**
 * The error of a file that could be written but not replaced: its directory refuses a new file, or
 * it is a mount point of its own.
 */
export function notReplaceable(path: string, cause: unknown): CliError {
  return new CliError(`replace ${path}: ${systemText(cause)}`, {
    hint: "A file is saved by putting a complete new one in its place, so that a crash cannot " +
      "leave half of it: its directory must be writable and the file no mount point of its own.",
    cause,
  });
}
