/** Recorded runs against real nodes, made again by the program as a process against a sandbox. */

import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { environment, fillUsage, shell } from "../golden/case.ts";
import { runInterrupted } from "../interrupted_program.ts";
import {
  type RecordedCluster,
  recordedMachineConfigs,
  startRecordedCluster,
} from "../recorded_cluster.ts";
import {
  actualOf,
  commandLine,
  commonRows,
  expectedOf,
  isStream,
  type Streams,
} from "../recorded_output.ts";

const folder = new URL("../golden/recordings/", import.meta.url).pathname;

interface Outcome extends Streams {
  exit: number;
}

/** It waits for a time limit of 20 s. */
const slowest = "ep-hang";
/** Recorded before the first image was pulled. */
const first = "image-list-cri";
/** No event of this actor comes, so what is waited for is the call, and nobody else may make one. */
const silent = "events-actor";
/** Recorded while the image of the kubelet turned out not to be there. */
const meanwhile = "role-reader-events";
/** Recorded minutes after the others, when that was known. */
const latest = [
  "node-one-of-three-refused-services",
  "role-operator-events",
  "role-operator-image-pull",
  "role-operator-services",
];
/** They change the node, each what the one before left. */
const changing = ["patch-real", "patch-again", "patch-try"];
const alone = [slowest, first, silent, meanwhile, ...latest, ...changing];

Deno.test("a recorded command line prints and exits against a sandbox as against real nodes", async (test) => {
  await using cluster = await startRecordedCluster();
  const others = [...Deno.readDirSync(folder)]
    .filter(({ name, isDirectory }) => isDirectory && !alone.includes(name))
    .map(({ name }) => name).sort();

  const slow = runCase(cluster, slowest);
  const before = await runCase(cluster, first);
  cluster.pullImages();
  const pairs = await inParallel(others, (name) => runCase(cluster, name));
  pairs.set(first, before);
  pairs.set(silent, await runCase(cluster, silent, [() => cluster.called("/Events")]));
  const lineCount = 3;
  const steps = [lineCount, cluster.failKubelet];
  pairs.set(meanwhile, await runCase(cluster, meanwhile, steps));
  const after = await inParallel(latest, (name) => runCase(cluster, name));
  for (const [name, pair] of after) pairs.set(name, pair);
  for (const name of changing) {
    pairs.set(name, await runCase(cluster, name));
    cluster.keepAuthority();
  }
  pairs.set(slowest, await slow);

  for (const [name, { expected, actual }] of pairs) {
    const ignore = name === "ep-dns" && !await resolverKnowsAbsence();
    await test.step({ name, ignore, fn: () => assert.deepEqual(actual, expected) });
  }
});

/** A few at once: each is a process. */
async function inParallel<T>(names: readonly string[], run: (name: string) => Promise<T>) {
  const results = new Map<string, T>();
  const waiting = names.values();
  const work = async () => {
    for (const name of waiting) results.set(name, await run(name));
  };
  await Promise.all([work(), work(), work()]);
  return results;
}

/** Without a DNS server the machine cannot say that a name does not exist, and the text is another one. */
async function resolverKnowsAbsence(): Promise<boolean> {
  try {
    await lookup("nosuch.invalid");
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOTFOUND";
  }
}

/** As many lines of a stream as tell enough: of a long one, the first. */
const mostLines = 21;

async function runCase(
  cluster: RecordedCluster,
  name: string,
  steps: readonly (number | (() => void | Promise<void>))[] = [],
) {
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
    const lineCount = Math.min(recorded.stdout.split("\n").length - 1, mostLines);
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
