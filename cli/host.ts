/** The process around the program: streams, environment, clock. `main` reaches the outside only through it. */

import type { StreamInfo, TerminalHold } from "../core/command.ts";
import { fileError } from "../core/files/errors.ts";

/** Where output goes. */
export interface Sink {
  /** Resolves when the bytes are taken over: awaiting it is the back-pressure. */
  write(bytes: Uint8Array): Promise<void>;
  info: StreamInfo;
}

/** All that the program needs of its process. */
export interface Host {
  /** The program's folder: the parent of `cli/`. */
  root: URL;
  /** `.ts` from source, `.js` in a bundle. */
  extension: ".ts" | ".js";
  env(name: string): string | undefined;
  stdout: Sink;
  stderr: Sink;
  stdin: { isTerminal: boolean; read(buffer: Uint8Array): Promise<number | null> };
  now(): Date;
  /** Calls back on SIGINT and SIGTERM until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
  /** Replaces this process by another program as far as the system allows; its exit status. */
  runForeground(command: readonly string[], env: Record<string, string>): Promise<number>;
  /** Takes the terminal and its signals over. */
  takeOverTerminal(): Promise<TerminalHold>;
}

/**
 * The host of a real process.
 *
 * @param entry The URL of the entry module, one folder below the program's: a bundler may move this module elsewhere.
 */
export function processHost(entry: string): Host {
  const color = Deno.stdout.isTerminal() && !environmentVariable("NO_COLOR") &&
    environmentVariable("TERM") !== "dumb";
  const root = new URL("..", entry);
  const extension = entry.endsWith(".ts") ? ".ts" : ".js";
  return {
    root,
    extension,
    env: environmentVariable,
    stdout: sink(Deno.stdout, {
      color,
      onFailure: (error) => {
        throw fileError("write", "/dev/stdout", error);
      },
    }),
    // A failure to write there could only be told there.
    stderr: sink(Deno.stderr, { color, onFailure: () => {} }),
    stdin: {
      get isTerminal() {
        return Deno.stdin.isTerminal();
      },
      read: (buffer) => Deno.stdin.read(buffer),
    },
    now: () => new Date(),
    onInterrupt,
    runForeground,
    async takeOverTerminal() {
      const { takeOverTerminal } = await import("./terminal_hold.ts");
      return takeOverTerminal();
    },
  };
}

/** A variable the program may not read counts as not set, so that it runs with few permissions. */
export function environmentVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

type OutputStream = typeof Deno.stdout;

/** 128 + SIGPIPE: what a shell reports of a program that a closed pipe ended. */
const brokenPipeStatus = 141;

interface SinkOptions {
  color: boolean;
  /** Told of what is no closed pipe. */
  onFailure(error: unknown): void;
}

function sink(stream: OutputStream, { color, onFailure }: SinkOptions): Sink {
  return {
    async write(bytes) {
      try {
        for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
      } catch (error) {
        // The runtime ignores SIGPIPE, so the end it would have brought is made by hand.
        if (error instanceof Deno.errors.BrokenPipe) Deno.exit(brokenPipeStatus);
        onFailure(error);
      }
    },
    get info() {
      return { isTerminal: stream.isTerminal(), width: terminalWidth(stream), color };
    },
  };
}

function terminalWidth(stream: OutputStream): number {
  if (!stream.isTerminal()) return 80;
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // neither stream of this process has a size
  }
}

const interrupts: Deno.Signal[] = ["SIGINT", "SIGTERM"];

function onInterrupt(callback: () => void): () => void {
  // Windows knows no SIGTERM listener.
  const signals = Deno.build.os === "windows" ? interrupts.slice(0, 1) : interrupts;
  for (const signal of signals) Deno.addSignalListener(signal, callback);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, callback);
  };
}

async function runForeground(
  command: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const [program, ...args] = command;
  // The terminal sends Ctrl-C to the child too: it decides, this process waits for it. From before it starts.
  const release = onInterrupt(() => {});
  try {
    return await waitFor(spawn(program ?? "", args, env));
  } finally {
    // A signal that ends the child may reach this process's listeners after the child's end; with none left it kills.
    Deno.unrefTimer(setTimeout(release, 1000));
  }
}

function spawn(program: string, args: string[], env: Record<string, string>): Deno.ChildProcess {
  return new Deno.Command(program, {
    args,
    env,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
}

/** Waits for its end; the exit status. */
async function waitFor(child: Deno.ChildProcess): Promise<number> {
  const release = onTermination(() => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has just ended by itself.
    }
  });
  try {
    return (await child.status).code;
  } finally {
    release();
  }
}

/** SIGTERM is for one process, so whoever stands for another one passes it on. */
function onTermination(callback: () => void): () => void {
  if (Deno.build.os === "windows") return () => {};
  Deno.addSignalListener("SIGTERM", callback);
  return () => Deno.removeSignalListener("SIGTERM", callback);
}
