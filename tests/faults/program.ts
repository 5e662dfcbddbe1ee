/** The program as a process of its own in an empty home, for what only a real process can meet: signals, pipes, full disks. */

import type { Sandbox } from "../../mod.ts";
import { processEnvironment } from "../process_environment.ts";

/** How a process ended, and what it left on its streams. */
export interface Ended {
  code: number;
  /** What killed it, if anything did. */
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
}

/** What a process gets besides its words. */
export interface StartOptions {
  env?: Record<string, string>;
  /** Lets a shell run the program, which it calls as `"$@"`. */
  shell?: string | undefined;
  /** Gives it a terminal for all streams; what it prints is then in `stdout`, with `\r\n`. */
  terminal?: boolean | undefined;
  /** Reads the beginning of its stdout and no more, so that the process cannot go on writing. */
  stalled?: boolean | undefined;
}

/** A process under way. */
export interface Running {
  /** Resolves when the stream holds this text; rejects when the process ends without it. */
  untilStdout(text: string): Promise<void>;
  untilStderr(text: string): Promise<void>;
  kill(signal: Deno.Signal): void;
  ended: Promise<Ended>;
}

/** A home folder with a talosconfig, and the program in it. Disposing ends what still runs. */
export interface Home extends AsyncDisposable {
  folder: string;
  /** The path in `TALOSCONFIG`. */
  talosconfig: string;
  run(args: readonly string[], options?: StartOptions): Promise<Ended>;
  start(args: readonly string[], options?: StartOptions): Running;
}

const programPath = new URL("../../cli/main.ts", import.meta.url).pathname;

/** Longer than anything may take: the connect timeout is 20 s. */
const deadlineMs = 60_000;

/** Opens an empty home; with a sandbox, its talosconfig holds a certificate of these roles. */
export async function openHome(sandbox?: Sandbox, ...roles: string[]): Promise<Home> {
  const folder = await Deno.makeTempDir({ prefix: "talosctl-faults-" });
  const talosconfig = `${folder}/talosconfig`;
  await sandbox?.writeTalosconfig(talosconfig, ...roles);
  const running: Running[] = [];
  const start = (args: readonly string[], options: StartOptions = {}) => {
    const env = { ...processEnvironment(folder), TALOSCONFIG: talosconfig, ...options.env };
    const process = startProcess(args, { ...options, env });
    running.push(process);
    return process;
  };
  return {
    folder,
    talosconfig,
    start,
    run: (args, options) => start(args, options).ended,
    async [Symbol.asyncDispose]() {
      for (const { kill, ended } of running) {
        kill("SIGKILL");
        await ended;
      }
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function startProcess(
  args: readonly string[],
  { env, shell, terminal, stalled }: StartOptions & { env: Record<string, string> },
): Running {
  const words = commandLine(args, { shell, terminal });
  const [command = "", ...rest] = words;
  const process = new Deno.Command(command, {
    args: rest,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let hasEnded = false;
  const kill = (signal: Deno.Signal) => {
    if (!hasEnded) process.kill(signal);
  };
  const deadline = setTimeout(() => kill("SIGKILL"), deadlineMs);
  const stdout = gather(process.stdout, stalled ? process.status : undefined);
  const stderr = gather(process.stderr);
  const ended = (async () => {
    const { code, signal } = await process.status;
    hasEnded = true;
    clearTimeout(deadline);
    return { code, signal, stdout: await stdout.all, stderr: await stderr.all };
  })();
  return { untilStdout: stdout.until, untilStderr: stderr.until, kill, ended };
}

function commandLine(
  args: readonly string[],
  { shell, terminal = false }: StartOptions,
): readonly string[] {
  const program = [Deno.execPath(), "run", "-A", programPath, ...args];
  const words = shell === undefined ? program : ["sh", "-c", shell, "sh", ...program];
  if (!terminal) return words;
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  return ["script", "-qec", quoted, "/dev/null"];
}

/** @param stallUntil After the first piece, reading stops until then. */
function gather(stream: ReadableStream<Uint8Array>, stallUntil?: Promise<unknown>) {
  let text = "";
  let look = () => {};
  const all = (async () => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      look();
      await stallUntil;
    }
    return text;
  })();
  const until = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      look = () => {
        if (text.includes(wanted)) resolve();
      };
      look();
      void all.then(() => reject(new Error(`"${wanted}" never came, but: ${text}`)));
    });
  return { all, until };
}

/** Waits until a condition holds; an end of the process before that is an error. */
export async function until(condition: () => boolean, ended: Promise<Ended>): Promise<void> {
  let outcome: Ended | undefined;
  void ended.then((result) => outcome = result);
  while (!condition()) {
    if (outcome) throw new Error(`the process ended too early: ${JSON.stringify(outcome)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
