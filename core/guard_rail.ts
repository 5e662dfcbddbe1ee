/** The question before something that cannot be undone: asked on a terminal only, so that scripts run as they always did. */

import type { Context, Flags } from "./command.ts";
import { CliError } from "./errors.ts";

/** Spread into the flags of commands that ask. */
export const guardFlags = {
  yes: { type: "bool", help: "Do not ask before a change that cannot be undone" },
} as const satisfies Flags;

/**
 * Shows what is about to happen and asks whether to go on. Where nobody can
 * answer, and with `--yes`, it goes on.
 *
 * @param consequences One line each, such as `10.5.0.2: all of its disks are wiped`.
 * @throws {CliError} when the answer is not yes; nothing was changed
 */
export async function askBeforehand(
  ctx: Pick<Context<typeof guardFlags>, "flags" | "out" | "prompt" | "terminal">,
  question: string,
  consequences: readonly string[],
): Promise<void> {
  if (!canAskBeforehand(ctx)) return;
  if (await ctx.prompt.confirm([...consequences, `${question} [y/N]: `].join("\n"))) return;
  throw new CliError("nothing was changed: the answer was not yes", {
    hint: "--yes answers it beforehand",
  });
}

/** Whether {@linkcode askBeforehand} would ask: for those who have to look at nodes to know the consequences. */
export function canAskBeforehand(
  { flags, out, terminal }: Pick<Context<typeof guardFlags>, "flags" | "out" | "terminal">,
): boolean {
  return !flags.yes && terminal.isInteractive && out.stdout.isTerminal;
}
