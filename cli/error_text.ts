/** How an error reaches the user: one path for all of them (spec/cli.md, 2). */

import { CliError, hintOf, ReportedError, RpcError } from "../core/errors.ts";
import type { OutputWriter } from "./output_writer.ts";

/** An error text with one of these is followed by the usage of the command: a plain test, quirks included. */
const usageWords = ["arg(s)", "flag", "command"];

/** What printing an error needs to know besides the error. */
export interface ErrorSurroundings {
  stderr: OutputWriter;
  isTerminal: boolean;
  /** `TALOSCTL_DEBUG=1`: stack traces are wanted. */
  isDebug: boolean;
  /** The usage block to print where it is due. */
  usage(): Promise<string>;
}

/** Prints an error and gives the exit status. */
export async function printError(error: unknown, where: ErrorSurroundings): Promise<number> {
  const { text, exitCode, hint } = describe(error);
  if (error instanceof ReportedError) return exitCode;
  await where.stderr.text(`${text}\n`);
  // A hint goes with errors of our own; official texts are what scripts read, so theirs needs a reader.
  if (hint !== undefined && (where.isTerminal || !isOfficial(error))) {
    await where.stderr.text(`${hint}\n`);
  }
  if (where.isDebug && error instanceof Error) await where.stderr.text(`${error.stack}\n`);
  if (usageWords.some((word) => text.includes(word))) {
    await where.stderr.text(`\n${await where.usage()}\n`);
  }
  try {
    await where.stderr.flush();
  } catch {
    // Nobody reads it: the status alone says that the command has failed.
  }
  return exitCode;
}

/** Whether a failed call is at the bottom of it, whatever was put in front. */
function isOfficial(error: unknown): boolean {
  return error instanceof RpcError || error instanceof CliError && isOfficial(error.cause);
}

function describe(error: unknown): { text: string; exitCode: number; hint: string | undefined } {
  if (error instanceof CliError) {
    return { text: error.message, exitCode: error.exitCode, hint: hintOf(error) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    text: `internal error: ${message}`,
    exitCode: 1,
    hint: "this is a bug of the program; TALOSCTL_DEBUG=1 shows where",
  };
}
