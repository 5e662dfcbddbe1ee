/** A command line that goes on until Ctrl-C, which it gets when it has printed enough. */

import type { Streams } from "./recorded_output.ts";

/** When Ctrl-C comes. */
export interface InterruptOptions {
  cwd: string;
  env: Record<string, string>;
  /** Awaited in this order: so many lines of output, then what is to be done about it. */
  steps: readonly (number | (() => void | Promise<void>))[];
}

/** A program that has not printed enough by then is interrupted as it is. */
const limitMs = 20_000;

/** Runs it to its end. */
export async function runInterrupted(
  line: string,
  { cwd, env, steps }: InterruptOptions,
): Promise<Streams & { code: number }> {
  const child = new Deno.Command("bash", {
    args: ["-c", `exec ${line}`],
    cwd,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const chunks = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let stdout = "";
  const read = async () => {
    const { value, done = false } = await chunks.next();
    stdout += value ?? "";
    return !done;
  };

  const interrupt = () => {
    try {
      child.kill("SIGINT");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended by itself.
    }
  };
  const limit = setTimeout(interrupt, limitMs);
  for (const step of steps) {
    if (typeof step === "function") await step();
    else while (stdout.split("\n").length <= step && await read());
  }
  interrupt();
  while (await read());
  const { code } = await child.status;
  clearTimeout(limit);
  return { code, stdout, stderr: await stderr };
}
