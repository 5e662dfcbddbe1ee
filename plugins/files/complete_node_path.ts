/** Completion of paths on the first node: what is in the folder that is typed so far (spec/cli.md, 8). */

import type { CompletionResult, Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";

const noFileCompletion = 4;

/** More than this helps nobody, and would hold up the shell. */
const mostCandidates = 500;

/** Files and folders; the latter end in `/`. */
export function completeNodePath(context: Context, word: string): Promise<CompletionResult> {
  return completePath(context, word, () => true);
}

/** Folders only. */
export function completeNodeDirectory(context: Context, word: string): Promise<CompletionResult> {
  return completePath(context, word, ({ isDir }) => isDir);
}

async function completePath(
  { talos, nodes }: Context,
  word: string,
  isWanted: (file: { isDir: boolean }) => boolean,
): Promise<CompletionResult> {
  const [node = ""] = await nodes();
  const root = word.slice(0, word.lastIndexOf("/") + 1) || "/";
  const candidates: string[] = [];
  const errors: CliError[] = [];
  try {
    const machine = await talos.node(node).service("machine.MachineService");
    for await (const { relativeName, isDir, error } of machine.list({ root })) {
      const path = `${root}${relativeName}${isDir ? "/" : ""}`;
      if (error !== "" || relativeName === "." || !isWanted({ isDir })) continue;
      if (!path.startsWith(word)) continue;
      candidates.push(path);
      if (candidates.length > mostCandidates) break;
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    errors.push(new CliError(`error from node ${node}: ${error.message}`, { cause: error }));
  }
  const isTooMany = candidates.length > mostCandidates;
  return { candidates: isTooMany ? [] : candidates, directive: noFileCompletion, errors };
}
