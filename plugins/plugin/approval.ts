/** The question whether a plugin may have what it asks for. Unlike other questions it needs an answer in scripts too. */

import type { Context, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";

export const approvalFlags = {
  yes: { type: "bool", help: "Answer yes to every question; without it nothing is done unasked" },
} as const satisfies Flags;

/** What asking takes of a command's context. */
export type AskingContext = Pick<
  Context<typeof approvalFlags>,
  "flags" | "note" | "out" | "prompt" | "terminal"
>;

/** What is about to happen. */
export interface Proposal {
  /** Starts the error, such as `adding greet`. */
  attempt: string;
  /** Says what the user decides about, a line each. */
  lines: readonly string[];
  /** Without the choice of answers. */
  question: string;
}

/**
 * Shows what is about to happen and asks; with `--yes` it is only told, on stderr.
 *
 * @throws {CliError} when the answer is not yes, and where nobody can answer
 */
export async function approve(
  { flags, note, out, prompt, terminal }: AskingContext,
  { attempt, lines, question }: Proposal,
): Promise<void> {
  if (flags.yes) {
    for (const line of lines) note(line);
    return;
  }
  if (!terminal.isInteractive || !out.stdout.isTerminal) {
    for (const line of lines) note(line);
    throw new CliError(`${attempt}: nobody is at a terminal to agree to it`, {
      hint: "--yes agrees beforehand",
    });
  }
  if (await prompt.confirm([...lines, `${question} [y/N]: `].join("\n"))) return;
  throw new CliError(`${attempt}: the answer was not yes, nothing was changed`, {
    hint: "--yes answers it beforehand",
  });
}
