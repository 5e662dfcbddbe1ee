/** Recorded runs against real nodes, made again by the program as a process against a sandbox. */

import assert from "node:assert/strict";
import { environment, fillUsage, shell } from "../golden/case.ts";
import { type RecordedCluster, startRecordedCluster } from "../recorded_cluster.ts";
import { actualOf, commandLine, expectedOf, type Streams } from "../recorded_output.ts";

const folder = new URL("../golden/recordings/", import.meta.url).pathname;

interface Outcome extends Streams {
  exit: number;
}

Deno.test("a recorded command line prints and exits against a sandbox as against real nodes", async (test) => {
  await using cluster = await startRecordedCluster();
  const names = [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).sort();

  const pairs = await inParallel(names, (name) => runCase(cluster, name));

  for (const [name, { expected, actual }] of pairs) {
    await test.step(name, () => assert.deepEqual(actual, expected));
  }
});

/** As many at once as there are processors to run them; those that only wait for a time limit begin first. */
async function inParallel<T>(names: readonly string[], run: (name: string) => Promise<T>) {
  const results = new Map<string, T>();
  const waiting = names.filter((name) => name !== "ep-hang");
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      results.set(name, await run(name));
    }
  };
  const hang = run("ep-hang");
  await Promise.all([work(), work(), work()]);
  results.set("ep-hang", await hang);
  return results;
}

async function runCase(cluster: RecordedCluster, name: string) {
  const home = await Deno.makeTempDir({ prefix: "recording-" });
  try {
    const recorded = readOutcome(name);
    const command = read(name, "cmd");
    const isConfig = / config (contexts|info)/.test(command);
    // Commands that only show the file are given the recorded one.
    const talosconfig = cluster.talosconfig(isConfig ? "as recorded" : "with port");
    await Deno.writeTextFile(`${home}/talosconfig`, talosconfig);
    await Deno.writeTextFile(`${home}/newtc`, "");
    const env = {
      ...environment(home),
      ...(name === "tc-none-endpoint" ? {} : { TALOSCONFIG: `${home}/talosconfig` }),
    };

    const line = commandLine(command, cluster.port);
    const { code, ...streams } = await shell(line, { cwd: home, env, stdin: "" });

    const stderr = await fillUsage(recorded.stderr, env);
    const expected = { exit: recorded.exit, ...expectedOf({ ...recorded, stderr }, cluster) };
    return { expected, actual: { exit: code, ...actualOf(streams, cluster) } };
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
