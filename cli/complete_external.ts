/** Completion of what `talosctl-NAME` executables take: their names, and the answers of `talosctl_complete-NAME`. */

import type { CompletionResult } from "../core/command.ts";
import { CliError } from "../core/errors.ts";
import { findCompleter, findExecutable, listExecutables } from "../core/external_executables.ts";
import type { ExecutableQuestion } from "./complete.ts";
import { externalEnvironment } from "./external.ts";
import { resolve } from "./resolve.ts";
import type { Run } from "./run.ts";

/** A shell that waits for longer seems to hang. */
const timeoutMs = 5000;

/** More than any user looks through. */
const maxSizeBytes = 1024 * 1024;

/** Those that would be run: commands come first, then the order of PATH; `name<TAB>path`. */
export async function externalNames({ host, index }: Run): Promise<string[]> {
  const paths = new Map<string, string>();
  for (const { name, path } of await listExecutables((name) => host.env(name))) {
    const isCommand = resolve(index, [name]).unknown === undefined;
    if (!isCommand && !paths.has(name)) paths.set(name, path);
  }
  return [...paths].map(([name, path]) => `${name}\t${path}`);
}

/**
 * Runs `talosctl_complete-NAME` with the words behind the name, the last of them the one to complete. The executable
 * itself is not asked: one that knows nothing of completion would do its work.
 */
export async function completeExternal(
  run: Run,
  { name, before, words }: ExecutableQuestion,
): Promise<CompletionResult | undefined> {
  const env = (name: string) => run.host.env(name);
  if (await findExecutable(env, name) === undefined) return undefined;
  const completer = await findCompleter(env, name);
  if (completer === undefined) return { candidates: [], directive: 0 };
  return parseAnswer(await outputOf(completer, words, await externalEnvironment(run, before)));
}

/** Candidates a line, and at last perhaps `:` with the directive. */
function parseAnswer(text: string): CompletionResult {
  const lines = text.split("\n").filter((line) => line !== "");
  const [, directive] = /^:(\d+)$/.exec(lines.at(-1) ?? "") ?? [];
  return {
    candidates: directive === undefined ? lines : lines.slice(0, -1),
    directive: Number(directive ?? 0),
  };
}

async function outputOf(
  program: string,
  words: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const child = new Deno.Command(program, {
    args: [...words],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  let problem: string | undefined;
  const stop = (reason: string) => {
    problem = reason;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already, and something it started holds its output open.
    }
    return reader.cancel();
  };
  const timer = setTimeout(() => stop(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (problem === undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      if (text.length > maxSizeBytes) await stop(`more than ${maxSizeBytes} bytes`);
    }
  } finally {
    clearTimeout(timer);
  }
  if (problem !== undefined) throw new CliError(`completing with ${program}: ${problem}`);
  await child.status;
  return text;
}
