/** Questions on the terminal; `confirm` and `line` read standard input whatever it is, as the official client does. */

import type { Prompt } from "../core/command.ts";
import { CliError } from "../core/errors.ts";
import { escapeControls } from "../core/output/escape.ts";
import type { Host } from "./host.ts";

/** The prompts of a process. Lines are read one by one, so that each question consumes one. */
export function prompts(host: Host, signal: AbortSignal): Prompt {
  const encoder = new TextEncoder();
  const readLine = lineReader(host);
  const ask = async (question: string) => {
    const shown = host.stdout.info.isTerminal ? escapeControls(question) : question;
    await host.stdout.write(encoder.encode(shown));
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    const stop = () => reject(new CliError(`asking "${question.trim()}": interrupted`));
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      return await Promise.race([readLine(), interrupted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
  const askOnTerminal = async (question: string) => {
    requireTerminal(host, question);
    const line = await ask(question);
    if (line === undefined) throw new CliError(`asking "${question.trim()}": end of input`);
    return line;
  };
  return {
    async confirm(question) {
      const [word = ""] = ((await ask(question)) ?? "").trim().split(/\s+/);
      return ["y", "yes"].includes(word.toLowerCase());
    },
    line: ask,
    text: askOnTerminal,
    async secret(question) {
      requireTerminal(host, question);
      Deno.stdin.setRaw(true, { cbreak: true });
      try {
        return await askOnTerminal(question);
      } finally {
        Deno.stdin.setRaw(false);
        await host.stdout.write(encoder.encode("\n"));
      }
    },
    async choose(question, choices) {
      const menu = choices.map((choice, index) => `  ${index + 1}  ${choice}\n`).join("");
      while (true) {
        const answer = (await askOnTerminal(`${menu}${question}`)).trim();
        const chosen = choices[Number(answer) - 1] ?? choices.find((choice) => choice === answer);
        if (chosen !== undefined) return chosen;
      }
    },
  };
}

function requireTerminal(host: Host, question: string): void {
  if (host.stdin.isTerminal) return;
  throw new CliError(`asking "${question.trim()}": standard input is not a terminal`, {
    hint: "give the answer on the command line instead",
  });
}

/** Reads one line at a time and not a byte more; undefined at the end of input. */
function lineReader(host: Host): () => Promise<string | undefined> {
  const newline = 10;
  return async () => {
    const bytes: number[] = [];
    const one = new Uint8Array(1);
    while (true) {
      const count = await host.stdin.read(one);
      if (count === null) return bytes.length === 0 ? undefined : decode(bytes);
      const [byte] = one;
      if (count === 0 || byte === undefined) continue;
      if (byte === newline) return decode(bytes);
      bytes.push(byte);
    }
  };
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
