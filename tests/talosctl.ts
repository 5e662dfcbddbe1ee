/** Runs the program in this process, as a user would type it, and gives back what the user would see. */

import type { Host, Sink } from "../cli/host.ts";
import { run } from "../cli/run.ts";

/** What a run left behind. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a run differs from the plainest one: no terminal, empty input, the real clock. */
export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string;
  isTerminal?: boolean;
  now?: () => Date;
  /** Interrupts the run, as Ctrl-C does. */
  interrupt?: AbortSignal;
  /** Is given what goes to stdout, byte for byte and as it comes. */
  onStdout?: (bytes: Uint8Array) => void;
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
  const stderr = memorySink(isTerminal);
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
    runForeground: () => Promise.reject(new Error("no terminal in this process")),
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

function memoryInput(text: string, isTerminal: boolean): Host["stdin"] {
  let rest = new TextEncoder().encode(text);
  return {
    isTerminal,
    read(buffer) {
      if (rest.length === 0) return Promise.resolve(null);
      const count = Math.min(buffer.length, rest.length);
      buffer.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return Promise.resolve(count);
    },
  };
}
