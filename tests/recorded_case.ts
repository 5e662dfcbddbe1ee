/** One recorded run, made again by the program as a process: what was seen, and what is to be seen. */

import { environment, fillUsage, shell } from "./golden/case.ts";
import { runInterrupted } from "./interrupted_program.ts";
import { type RecordedCluster, recordedMachineConfigs } from "./recorded_cluster.ts";
import {
  actualOf,
  commandLine,
  commonRows,
  expectedOf,
  isStream,
  type Streams,
} from "./recorded_output.ts";

const folder = new URL("golden/recordings/", import.meta.url).pathname;

/** The end of a run. */
export interface Outcome extends Streams {
  exit: number;
}

/** All recorded runs, by name. */
export function recordedCases(): string[] {
  return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).sort();
}

/** As many lines of a stream as tell enough: of a long one, the first. */
const mostLines = 21;

/**
 * Makes a run again.
 *
 * @param steps Of a stream: so many lines, or what is to be done meanwhile.
 * @param lines After so many lines a stream is interrupted; default as many as were recorded.
 */
export async function runCase(
  cluster: RecordedCluster,
  name: string,
  steps: readonly (number | (() => void | Promise<void>))[] = [],
  lines = mostLines,
): Promise<{ expected: Outcome; actual: Outcome }> {
  const home = await Deno.makeTempDir({ prefix: "recording-" });
  try {
    const command = read(name, "cmd");
    const recorded = await readOutcome(name, home);
    // Commands that only show the talosconfig are given the recorded one.
    const isShown = / config (contexts|info)/.test(command);
    const talosconfig = cluster.talosconfig(isShown ? "as recorded" : "with port");
    await Deno.writeTextFile(`${home}/talosconfig`, talosconfig);
    await Deno.writeTextFile(`${home}/newtc`, "");
    if (command.includes(" config/")) await writeConfigs(`${home}/config`);
    const env = {
      ...environment(home),
      ...(name === "tc-none-endpoint" ? {} : { TALOSCONFIG: `${home}/talosconfig` }),
    };

    if (hasFile(name, "before")) {
      const before = commandLine(read(name, "before"), cluster.port);
      await shell(before, { cwd: home, env, stdin: "" });
    }
    const line = commandLine(command, cluster.port);
    const lineCount = Math.min(recorded.stdout.split("\n").length - 1, lines);
    const { code, ...streams } = isStream(recorded)
      ? await runInterrupted(line, { cwd: home, env, steps: [...steps, lineCount] })
      : await shell(isArchive(command) ? listed(line) : line, { cwd: home, env, stdin: "" });

    const { port, certificateEnd } = cluster;
    const facts = { command, port, certificateEnd };
    const stderr = await fillUsage(recorded.stderr, env);
    const expected = expectedOf({ ...recorded, stderr }, facts);
    const both = commonRows(expected, actualOf(streams, facts), command);
    return {
      expected: { exit: exitOf(recorded), ...both.expected },
      actual: { exit: exitOf({ exit: code, ...streams }), ...both.actual },
    };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** The files that nodes were configured with. */
async function writeConfigs(folder: string): Promise<void> {
  const { worker, controlPlane } = await recordedMachineConfigs();
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/worker-1.yaml`, worker);
  await Deno.writeTextFile(`${folder}/controlplane-2.yaml`, controlPlane);
}

/** A stream that was interrupted ends well, unless a call was quick enough to say that it was cancelled. */
function exitOf({ exit, ...streams }: Outcome): number {
  return isStream(streams) && streams.stderr.includes("code = Canceled") ? 0 : exit;
}

/** A folder as a compressed archive on stdout: what is compared is the list of what is in it. */
function isArchive(command: string): boolean {
  return / copy \S+ -$/m.test(command);
}

function listed(line: string): string {
  return `set -o pipefail; ${line.trim()} | { cat > archive; test ! -s archive || tar -tzf archive; }`;
}

async function readOutcome(name: string, cwd: string): Promise<Outcome> {
  const archive = `${folder}${name}/stdout`;
  const { stdout } = isArchive(read(name, "cmd"))
    ? await shell(listed(`cat ${archive}`), { cwd, env: environment(cwd), stdin: "" })
    : { stdout: read(name, "stdout") };
  return { exit: Number(read(name, "exit")), stdout, stderr: read(name, "stderr") };
}

function hasFile(name: string, file: string): boolean {
  return [...Deno.readDirSync(folder + name)].some((entry) => entry.name === file);
}

function read(name: string, file: string): string {
  return Deno.readTextFileSync(`${folder}${name}/${file}`);
}
