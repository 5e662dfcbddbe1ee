/** Recorded runs against real nodes, made again by the program as a process against a sandbox. */

import assert from "node:assert/strict";
import { lookup } from "node:dns/promises";
import { recordedCases, runCase } from "../recorded_case.ts";
import { startRecordedCluster } from "../recorded_cluster.ts";

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
const changing = ["patch-real", "patch-again", "patch-try", "get-mc-after"];
/** Of those that life_recordings_test.ts makes in their order, it depends on none. */
const anyTime = "life-maint-after-apply-secure";
const alone = [slowest, first, silent, meanwhile, ...latest, ...changing];

Deno.test("a recorded command line prints and exits against a sandbox as against real nodes", async (test) => {
  await using cluster = await startRecordedCluster();
  const isElsewhere = (name: string) =>
    name.startsWith("life-") && name !== anyTime || alone.includes(name);
  const others = recordedCases().filter((name) => !isElsewhere(name));

  const slow = runCase(cluster, slowest);
  const before = await runCase(cluster, first);
  cluster.pullImages();
  // A node takes one configuration at a time, so these wait for each other.
  const [applying, free] = [others.filter(applies), others.filter((name) => !applies(name))];
  const oneByOne = inParallel(applying, (name) => runCase(cluster, name), 1);
  const pairs = await inParallel(free, (name) => runCase(cluster, name), 2);
  for (const [name, pair] of await oneByOne) pairs.set(name, pair);
  pairs.set(first, before);
  pairs.set(silent, await runCase(cluster, silent, [() => cluster.called("/Events")]));
  const lineCount = 3;
  const steps = [lineCount, cluster.failKubelet];
  pairs.set(meanwhile, await runCase(cluster, meanwhile, steps));
  const after = await inParallel(latest, (name) => runCase(cluster, name), 3);
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

function applies(name: string): boolean {
  return /(^|-)(apply|patch|edit)(-|$)/.test(name);
}

/** Only a few at once: each is a process. */
async function inParallel<T>(
  names: readonly string[],
  run: (name: string) => Promise<T>,
  atOnce: number,
): Promise<Map<string, T>> {
  const results = new Map<string, T>();
  const waiting = names.values();
  const work = async () => {
    for (const name of waiting) results.set(name, await run(name));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
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
