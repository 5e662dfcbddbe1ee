/** Answers a shell's question: joins the protocol of `complete.ts` to this run's plugins and talosconfig. */

import type { ParsedLine } from "../core/flags/parse.ts";
import { complete, type CompletionQuestion } from "./complete.ts";
import { completeExternal, externalNames } from "./complete_external.ts";
import { createContext, loadIndexedPlugin } from "./execute.ts";
import { listenForInterrupts } from "./interrupts.ts";
import type { Run } from "./run.ts";
import { configOf, openSession } from "./session.ts";

/** `__complete` and `__completeNoDesc`: candidates for the last of `words`; the exit status. */
export async function answerCompletion(
  run: Run,
  calledAs: string,
  words: readonly string[],
): Promise<number> {
  const { checkArgs } = await import("../core/flags/checks.ts");
  const command = run.index.commands.find(({ path }) => path[0] === "__complete");
  if (command !== undefined) checkArgs(command, words);
  const { stdout, stderr, exit, debugLog } = await complete(words, calledAs, {
    index: run.index,
    placeholders: run.placeholders,
    env: (name) => run.host.env(name),
    contextNames: (line) => contextNames(run, line),
    completer: (question) => askPlugin(run, question),
    executables: {
      names: () => externalNames(run),
      words: (question) => completeExternal(run, question),
    },
  });
  await run.stdout.text(stdout);
  await run.stderr.text(stderr);
  const debugFile = run.host.env("BASH_COMP_DEBUG_FILE");
  if (debugFile && debugLog !== "") {
    await Deno.writeTextFile(debugFile, debugLog, { append: true });
  }
  return exit;
}

async function contextNames(run: Run, line: ParsedLine): Promise<readonly string[]> {
  const config = configOf(run, line);
  return [...(await config.open()).config.contexts.keys()];
}

async function askPlugin(run: Run, { kind, command, line, word }: CompletionQuestion) {
  const id = run.index.completers[kind];
  if (id === undefined) return undefined;
  const plugin = await loadIndexedPlugin(run, id);
  const completer = plugin.completers.get(kind);
  const interrupts = listenForInterrupts(run.host, run.stderr);
  const session = openSession(run, line, {
    command,
    signal: interrupts.signal,
    protoFiles: plugin.protos,
  });
  try {
    return await completer?.(createContext(run, line, session, "table"), word);
  } finally {
    interrupts.release();
    await session.close();
  }
}
