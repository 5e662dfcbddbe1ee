/** Recorded runs that change nodes, in their order: what each leaves is what the next one meets. */

import assert from "node:assert/strict";
import { type Outcome, runCase } from "../recorded_case.ts";
import { startRecordedCluster } from "../recorded_cluster.ts";

const cases = [
  "life-service-restart-etcd",
  "life-restart-kubelet",
  "life-reboot-cp1",
  "life-etcd-leave",
  "life-etcd-members-on-left",
  "life-shutdown",
  "life-after-shutdown",
  "life-after-shutdown-failover",
  "life-reset-worker",
  "life-after-reset",
];

/** The worker of the recordings took this, and was gone for good; a node that restarts is gone for a while. */
const restartCases = ["life-reboot-nowait", "life-after-reboot-version", "life-reboot-wait"];

Deno.test("a node that restarts is as lost to those who ask it as a real one", async (test) => {
  // So slow that it is still away when it is asked for the last time.
  await using cluster = await startRecordedCluster({ platform: "metal", speed: 0.2 });
  for (const name of restartCases) {
    const { expected, actual } = await runCase(cluster, name);
    await test.step(name, () => assert.deepEqual(ofAnyRun(actual), ofAnyRun(expected)));
    await cluster.isDown("127.0.0.4");
  }
});

Deno.test("commands that change nodes print and exit as against real nodes, one after the other", async (test) => {
  await using cluster = await startRecordedCluster();
  for (const name of cases) {
    // The one stream among them prints nothing: it is interrupted when its call has arrived.
    const { expected, actual } = name === "life-etcd-members-on-left"
      ? await runCase(cluster, name, [() => cluster.called("/EtcdMemberList")], 0)
      : await runCase(cluster, name);
    await test.step(name, () => assert.deepEqual(ofAnyRun(actual), ofAnyRun(expected)));
  }
});

/** Without the id of an actor, and without how a connection fails while a node goes down: that is a matter of moments. */
function ofAnyRun(outcome: Outcome): Outcome {
  const stderr = outcome.stderr
    .replace(/(actor ID: )[0-9a-f-]{36}/, "$1ID")
    .replace(/(code = Unavailable desc = connection error: desc = ).*/, "$1REASON");
  return { ...outcome, stderr };
}
