/** Runs the program in this process, as a user would type it, and gives back what the user would see. */

import type { Host, Sink } from "../cli/host.ts";
import { run } from "../cli/run.ts";
import type { TerminalEvent } from "../core/command.ts";

/** What a run left behind. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a run differs from the plainest one: no terminal, empty input, the real clock. */
export interface RunOptions {
  env?: Record<string, string>;
  /** What is piped in or typed: at once, or as it comes. */
  stdin?: string | AsyncIterable<string>;
  isTerminal?: boolean;
  /** What a command that takes the terminal over sees of it besides input; it stays open when this has ended. */
  terminalEvents?: AsyncIterable<TerminalEvent>;
  now?: () => Date;
  /** Interrupts the run, as Ctrl-C does. */
  interrupt?: AbortSignal;
  /** Stands for the programs that are run on the user's terminal; gives back the exit status. */
  runForeground?: (command: readonly string[]) => Promise<number>;
  /** Is given what goes to stdout, byte for byte and as it comes. */
  onStdout?: (bytes: Uint8Array) => void;
  /** The same of stderr. */
  onStderr?: (bytes: Uint8Array) => void;
}

/** Where a command line is run against: anything with a talosconfig and a clock, such as a sandbox. */
export interface Target {
  talosconfigPath: string;
  clock: { now(): Date };
}

/** Runs `line` (blank-separated, quotes as in a shell are not known) against a cluster. */
export function talosctl(
  target: Target,
  line: string | readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return runProgram(typeof line === "string" ? line.split(" ") : line, {
    now: () => target.clock.now(),
    ...options,
    env: { TALOSCONFIG: target.talosconfigPath, ...options.env },
  });
}

/** Runs the program with these words and an environment that holds nothing but what is given. */
export async function runProgram(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const isTerminal = options.isTerminal ?? false;
  const stdout = memorySink(isTerminal, options.onStdout);
  const stderr = memorySink(isTerminal, options.onStderr);
  const host: Host = {
    root: new URL("..", import.meta.url),
    extension: ".ts",
    env: (name) => options.env?.[name],
    stdout,
    stderr,
    stdin: memoryInput(options.stdin ?? "", isTerminal),
    now: options.now ?? (() => new Date()),
    onInterrupt(callback) {
      options.interrupt?.addEventListener("abort", callback);
      return () => options.interrupt?.removeEventListener("abort", callback);
    },
    runForeground: options.runForeground ??
      (() => Promise.reject(new Error("no terminal in this process"))),
    takeOverTerminal: () =>
      Promise.resolve({
        size: isTerminal ? { columns: 80, rows: 24 } : undefined,
        events: options.terminalEvents ?? noEvents(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  };
  const code = await run(argv, host);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function memorySink(
  isTerminal: boolean,
  onBytes?: (bytes: Uint8Array) => void,
): Sink & { text(): string } {
  const chunks: Uint8Array[] = [];
  return {
    write: (bytes) => {
      chunks.push(bytes.slice());
      onBytes?.(bytes.slice());
      return Promise.resolve();
    },
    info: { isTerminal, width: 80, color: isTerminal },
    text: () => new TextDecoder().decode(concat(chunks)),
  };
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function* noEvents(): AsyncGenerator<TerminalEvent> {}

function memoryInput(text: string | AsyncIterable<string>, isTerminal: boolean): Host["stdin"] {
  const pieces = (typeof text === "string" ? piecesOf(text) : text)[Symbol.asyncIterator]();
  let rest = new Uint8Array(0);
  return {
    isTerminal,
    async read(buffer) {
      while (rest.length === 0) {
        const { value, done } = await pieces.next();
        if (done) return null;
        rest = new TextEncoder().encode(value);
      }
      const count = Math.min(buffer.length, rest.length);
      buffer.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
  };
}

async function* piecesOf(text: string): AsyncGenerator<string> {
  yield text;
}
