/** The user's editor: which one it is, and how it is started (spec/machine-ops.md, 4.3). */

import type { Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/**
 * Opens a file in the editor and waits for its end.
 *
 * @throws {CliError} where it cannot be started, or fails
 */
export async function openEditor(
  { env, terminal }: Pick<Context, "env" | "terminal">,
  path: string,
): Promise<void> {
  const { words, command } = editorCommand(env, path);
  const shown = goQuote(words.join(" "));
  let status: number;
  try {
    status = await terminal.runForeground(command);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`unable to launch the editor ${shown}`, {
      hint: "TALOS_EDITOR or EDITOR names another one",
      cause: error,
    });
  }
  if (status !== 0) throw new CliError(`there was a problem with the editor ${shown}`);
}

/** The words that name the editor, and the whole command. */
function editorCommand(env: Context["env"], path: string) {
  const named = env("TALOS_EDITOR") || env("EDITOR") ||
    (Deno.build.os === "windows" ? "notepad" : "vi");
  if (!/["'\\]/.test(named)) {
    const words = named.split(" ");
    return { words, command: [...words, path] };
  }
  const shell = env("SHELL") || "/bin/bash";
  return { words: [shell, "-c", named], command: [shell, "-c", `${named} ${path}`] };
}
