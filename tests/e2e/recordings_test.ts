/** Recorded runs against real nodes, made again by the program as a process against a sandbox. */

import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { environment, fillUsage, shell } from "../golden/case.ts";
import { type RecordedCluster, startRecordedCluster } from "../recorded_cluster.ts";
import { actualOf, commandLine, expectedOf, type Streams } from "../recorded_output.ts";

const folder = new URL("../golden/recordings/", import.meta.url).pathname;

interface Outcome extends Streams {
  exit: number;
}

/** It waits for a time limit of 20 s. */
const slowest = "ep-hang";
/** Recorded minutes after the others, when the image of the kubelet had turned out not to be there. */
const latest = "node-one-of-three-refused-services";

Deno.test("a recorded command line prints and exits against a sandbox as against real nodes", async (test) => {
  await using cluster = await startRecordedCluster();
  const others = [...Deno.readDirSync(folder)]
    .filter(({ name, isDirectory }) => isDirectory && name !== slowest && name !== latest)
    .map(({ name }) => name).sort();

  const slow = runCase(cluster, slowest);
  const pairs = await inParallel(others, (name) => runCase(cluster, name));
  cluster.failKubelet();
  pairs.set(latest, await runCase(cluster, latest));
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

async function runCase(cluster: RecordedCluster, name: string) {
  const home = await Deno.makeTempDir({ prefix: "recording-" });
  try {
    const recorded = readOutcome(name);
    const command = read(name, "cmd");
    // Commands that only show the talosconfig are given the recorded one.
    const isShown = / config (contexts|info)/.test(command);
    const talosconfig = cluster.talosconfig(isShown ? "as recorded" : "with port");
    await Deno.writeTextFile(`${home}/talosconfig`, talosconfig);
    await Deno.writeTextFile(`${home}/newtc`, "");
    const env = {
      ...environment(home),
      ...(name === "tc-none-endpoint" ? {} : { TALOSCONFIG: `${home}/talosconfig` }),
    };

    const line = commandLine(command, cluster.port);
    const { code, ...streams } = await shell(line, { cwd: home, env, stdin: "" });

    const { port, certificateEnd } = cluster;
    const facts = { command, port, certificateEnd };
    const stderr = await fillUsage(recorded.stderr, env);
    return {
      expected: { exit: recorded.exit, ...expectedOf({ ...recorded, stderr }, facts) },
      actual: { exit: code, ...actualOf(streams, facts) },
    };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

function readOutcome(name: string): Outcome {
  return {
    exit: Number(read(name, "exit")),
    stdout: read(name, "stdout"),
    stderr: read(name, "stderr"),
  };
}

function read(name: string, file: string): string {
  return Deno.readTextFileSync(`${folder}${name}/${file}`);
}
