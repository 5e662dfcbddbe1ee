/** Starting this program again as a process that outlives the one that starts it. */

import { CliError } from "../../core/errors.ts";
import { sleep } from "../../core/sleep.ts";
import { readRunning, type RunningSandbox } from "./running.ts";

/** How the program was started, as far as starting it again depends on it. */
export interface Program {
  /** The module a runtime has to run; undefined for an executable that is the program itself. */
  entry: URL | undefined;
}

/** What the process may do: serve on the loopback network, and keep its folder. */
const permissions = (folder: string) => [
  "--no-prompt",
  "--allow-net=127.0.0.1",
  "--allow-read",
  // A comma parts paths, two are one in a name.
  `--allow-write=${folder.replaceAll(",", ",,")}`,
  "--allow-env",
  "--allow-sys",
];

/** How long a sandbox may take to listen. */
const startTimeoutMs = 20_000;
const pollMs = 10;

/**
 * Starts the sandbox of a folder and waits until it listens.
 *
 * @throws {CliError} when it ends before, with its reason
 */
export async function startDetached(
  { entry }: Program,
  folder: string,
  signal: AbortSignal,
): Promise<RunningSandbox> {
  const words = ["cluster", "sandbox-serve", folder];
  const args = entry === undefined ? words : ["run", ...permissions(folder), entry.href, ...words];
  const child = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  const exit: { code?: number } = {};
  child.status.then(({ code }) => exit.code = code);

  const limit = AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs)]);
  try {
    for (;;) {
      const running = await readRunning(folder);
      if (running !== undefined) return running;
      if (exit.code !== undefined) throw await startError(folder, exit.code);
      await sleep(pollMs, limit);
    }
  } catch (error) {
    if (exit.code === undefined) child.kill("SIGKILL");
    throw error;
  } finally {
    child.unref();
  }
}

async function startError(folder: string, code: number): Promise<CliError> {
  let reason = `its process ended with exit status ${code}`;
  try {
    reason = (await Deno.readTextFile(`${folder}/sandbox.log`)).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return new CliError(`failed to start the sandbox: ${reason}`);
}
