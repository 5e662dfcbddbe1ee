/** The host of a command line that another program runs: streams and variables it is given, and no hold on the process. */

import { CliError } from "../core/errors.ts";
import { environmentVariable, type Host, type Sink } from "./host.ts";

/** What a command line runs with; whatever is left out is the process's own. */
export interface MainOptions {
  /** All environment variables it sees. */
  env?: Readonly<Record<string, string>>;
  /** Where output goes; not closed. Default: the process's. */
  stdout?: WritableStream<Uint8Array>;
  /** Where errors and notices go; not closed. Default: the process's. */
  stderr?: WritableStream<Uint8Array>;
  /** What it reads. Default: nothing. */
  stdin?: ReadableStream<Uint8Array>;
  /** Interrupts it once, as Ctrl-C does. */
  signal?: AbortSignal;
  /** The clock; default real time. */
  now?: () => Date;
}

/**
 * Makes the host of one run. It listens for no signals of the system and asks nobody: nothing is a terminal.
 *
 * @param root The program's folder, and the ending of its modules there.
 */
export function libraryHost(
  { root, extension }: Pick<Host, "root" | "extension">,
  { env, stdout, stderr, stdin, signal, now }: MainOptions,
): Host {
  return {
    root,
    extension,
    env: env === undefined ? environmentVariable : (name) => env[name],
    stdout: sink(stdout, Deno.stdout),
    stderr: sink(stderr, Deno.stderr),
    stdin: { isTerminal: false, read: chunkReader(stdin) },
    now: now ?? (() => new Date()),
    onInterrupt(callback) {
      if (signal?.aborted) queueMicrotask(callback);
      signal?.addEventListener("abort", callback);
      return () => signal?.removeEventListener("abort", callback);
    },
    runForeground: ([program = ""]) => Promise.reject(noTerminal(`running ${program}`)),
    takeOverTerminal: () => Promise.reject(noTerminal("taking the terminal over")),
  };
}

function noTerminal(attempt: string): CliError {
  return new CliError(`${attempt}: a command line run by another program has no terminal`, {
    hint: "run talosctl itself for this",
  });
}

function sink(stream: WritableStream<Uint8Array> | undefined, own: typeof Deno.stdout): Sink {
  return {
    write: stream === undefined
      ? (bytes) => writeAll(own, bytes)
      : (bytes) => writeTo(stream, bytes),
    info: { isTerminal: false, width: 80, color: false },
  };
}

async function writeAll(stream: typeof Deno.stdout, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
}

/** The stream is held for one write only: it is its owner's again when the run has ended. */
async function writeTo(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(bytes);
  } finally {
    writer.releaseLock();
  }
}

/** Reads a stream piece by piece into buffers of any size. */
function chunkReader(stream: ReadableStream<Uint8Array> | undefined): Host["stdin"]["read"] {
  let rest = new Uint8Array(0);
  return async (buffer) => {
    while (rest.length === 0) {
      const chunk = stream && await readFrom(stream);
      if (chunk === undefined) return null;
      rest = new Uint8Array(chunk);
    }
    const count = Math.min(buffer.length, rest.length);
    buffer.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    return count;
  };
}

async function readFrom(stream: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const reader = stream.getReader();
  try {
    return (await reader.read()).value;
  } finally {
    reader.releaseLock();
  }
}
