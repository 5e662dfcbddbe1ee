/** What a simulated node goes through when it is rebooted, shut down or reset: in order, and seen from outside (spec/machine-ops.md, 16). */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { connect } from "../../mod.ts";
import type { NodeEvent } from "../../plugins/sandbox/event_log.ts";
import { phasesOf } from "../../plugins/sandbox/lifecycle/phases.ts";
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import { type Sandbox, startSandbox } from "../../plugins/sandbox/start.ts";
import { runProgram } from "../talosctl.ts";

const actorId = "7b2f4b54-52ab-4f0a-9d62-2a7dd6a6d1a1";

Deno.test("a reboot passes through its phases in order, with the actor on its own events only", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const { node, events } = followed(sandbox);

  node.lifecycle.start("reboot", actorId);
  await advance(sandbox, 4);

  const own = events.filter((event) => event.actorId === actorId).map(described);
  assert.equal(own[0], "sequence reboot START");
  assert.equal(own.at(-1), "sequence reboot STOP");
  assert.deepEqual(own.filter((text) => /^phase \w+ START$/.test(text)), [
    "phase cleanup START",
    "phase dbus START",
    "phase denyNewServices START",
    "phase stopServices START",
    "phase umount START",
    "phase unmountBind START",
    "phase unmountPromotable START",
    "phase unmountSystem START",
    "phase volumeFinalize START",
    "phase stopEverything START",
    "phase kexec START",
    "phase reboot START",
  ]);
  const stopped = events.filter(({ actorId }) => actorId === "").map(described);
  assert.deepEqual(stopped.slice(0, 5), [
    "status REBOOTING true",
    "service kubelet STOPPING",
    "service kubelet FINISHED",
    "service etcd STOPPING",
    "service etcd FINISHED",
  ]);
});

Deno.test("after a reboot the boot id is another, the events begin anew, and the node gets ready", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const [node] = sandbox.nodes;
  assert.ok(node !== undefined);
  const before = { bootId: node.bootId, bootedAt: node.bootedAt };

  node.lifecycle.start("reboot", actorId);
  await advance(sandbox, 60);

  const told = node.events.history().map(described);
  assert.notEqual(node.bootId, before.bootId);
  assert.ok(node.bootedAt > before.bootedAt);
  assert.deepEqual(told.slice(0, 3), [
    "status UNKNOWN true",
    "sequence initialize START",
    "status BOOTING false",
  ]);
  const order = told.filter((text) => /^sequence|RUNNING (true|false)$/.test(text));
  assert.deepEqual(order.slice(1), [
    "sequence initialize STOP",
    "sequence install START",
    "sequence install STOP",
    "sequence boot START",
    "sequence boot STOP",
    "status RUNNING false",
    "status RUNNING true",
  ]);
});

Deno.test("while a node reboots nobody reaches it, itself or through another", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  const [, node] = sandbox.nodes;
  assert.ok(node !== undefined);
  const folder = await Deno.makeTempDir();
  const env = { TALOSCONFIG: `${folder}/talosconfig` };
  await sandbox.writeTalosconfig(env.TALOSCONFIG);
  const [first = "", second = ""] = sandbox.endpoints;
  const ask = (endpoint: string) =>
    runProgram(["-e", endpoint, "-n", "10.5.0.3", "version", "--short"], { env });

  node.lifecycle.start("reboot", actorId);
  while (node.api.isUp) await advance(sandbox, 1);
  const [proxied, direct] = [await ask(first), await ask(second)];
  await advance(sandbox, 60);
  const after = await ask(first);

  assert.equal(proxied.code, 1);
  assert.match(proxied.stderr, /10\.5\.0\.3:50000: connect: connection refused/);
  assert.equal(direct.code, 1);
  assert.match(direct.stderr, /connect: connection refused/);
  assert.equal(after.stderr, "");
  assert.equal(after.code, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a stream that another node passes on breaks off when its node goes down", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await using talos = await connect({
    talosconfig: await sandbox.talosconfig(),
    endpoints: sandbox.endpoints.slice(0, 1),
  });
  const machine = await talos.node("10.5.0.3").service("machine.MachineService");

  let error: unknown;
  try {
    for await (const _ of machine.events({})) await sandbox.fault("10.5.0.3", "down");
  } catch (failure) {
    error = failure;
  }

  assert.ok(error instanceof RpcError);
  assert.equal(error.code, "Unavailable");
  assert.match(error.description, /^error reading from server: read tcp 10\.5\.0\.3:50000: /);
});

Deno.test("a machine that was shut down stays off until its power button is pressed", async () => {
  await using sandbox = await startSandbox({ seed: 1, controlPlanes: 2 });
  const { node } = followed(sandbox);
  const { bootId } = node;

  node.lifecycle.start("shutdown", actorId);
  await advance(sandbox, 600);
  const wasUp = node.api.isUp;
  sandbox.powerOn("10.5.0.2");
  await advance(sandbox, 60);

  assert.equal(wasUp, false);
  assert.ok(node.api.isUp);
  assert.notEqual(node.bootId, bootId);
});

Deno.test("a reset that reboots leaves a machine without a configuration, which anybody may dial", async () => {
  await using sandbox = await startSandbox({ seed: 1, workers: 1 });
  const [, worker] = sandbox.nodes;
  assert.ok(worker !== undefined);

  worker.lifecycle.start("reset", actorId, { reboot: true });
  await advance(sandbox, 60);

  assert.equal(worker.stage, "maintenance");
  assert.equal(worker.config, undefined);
  assert.equal(worker.machineType, "unknown");
  assert.deepEqual([...worker.services.keys()], ["apid", "containerd", "cri", "machined"]);
  assert.deepEqual(sandbox.maintenanceEndpoints, [worker.endpoint]);
  const told = worker.events.history().map(described);
  assert.ok(told.includes("task runningMaintenance START"));
  assert.equal(told.at(-1), "status MAINTENANCE true");
});

Deno.test("a sequence that may not take over is refused in an event without an actor", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const { node, events } = followed(sandbox);

  node.lifecycle.start("reboot", actorId);
  node.lifecycle.start("reset", "00000000-0000-4000-8000-000000000000");

  const refusal = events.map(({ payload, actorId }) => ({ payload, actorId }));
  assert.deepEqual(refusal, [{
    actorId: "",
    payload: {
      type: "SequenceEvent",
      message: {
        sequence: "reset",
        action: "NOOP",
        error: { code: "LOCKED", message: "sequence not started: locked" },
      },
    },
  }]);
  await advance(sandbox, 60);
  assert.equal(node.stage, "running");
});

Deno.test("a shutdown takes over from a reboot, which says that it was cancelled", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const { node, events } = followed(sandbox);

  node.lifecycle.start("reboot", actorId);
  await advance(sandbox, 1, 300);
  node.lifecycle.start("shutdown", "00000000-0000-4000-8000-000000000000");
  await advance(sandbox, 60);

  const cancelled = events.find(({ payload }) =>
    payload.type === "SequenceEvent" && payload.message.error?.code === "CANCELED"
  );
  assert.equal(cancelled?.actorId, actorId);
  assert.equal(node.api.isUp, false);
  assert.equal(node.stage, "shutting down");
});

Deno.test("the phases of a reset follow what it is asked to wipe", () => {
  const names = (options: Parameters<typeof phasesOf>[2]) =>
    phasesOf("reset", "metal", options).map(([name]) => name);

  assert.deepEqual(
    names({ graceful: true, reboot: true }).filter((name) => !/^un?mount/.test(name)),
    [
      "drain",
      "cleanup",
      "dbus",
      "leave",
      "preReset",
      "denyNewServices",
      "stopServices",
      "volumeFinalize",
      "stopEverything",
      "forceCleanup",
      "reset",
      "reboot",
    ],
  );
  assert.ok(!names({ graceful: true, isWorker: true }).includes("leave"));
  assert.deepEqual(names({ labels: ["STATE"] }).slice(-4), [
    "kexec",
    "forceCleanup",
    "resetSpec",
    "shutdown",
  ]);
  assert.ok(!names({ labels: ["BOOT"] }).includes("kexec"));
  assert.deepEqual(names({ wipeMode: "USER_DISKS", userDisks: ["/dev/vdb"] }).slice(-3), [
    "forceCleanup",
    "resetUserDisks",
    "shutdown",
  ]);
});

/** Moves the clock second by second, so that what waits for one step sees it before the next. */
async function advance(sandbox: Sandbox, steps: number, stepMs = 1000): Promise<void> {
  for (let step = 0; step < steps; step++) {
    sandbox.clock.advance(stepMs);
    // Scripts go on in microtasks; listeners that open and close take a turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The first node, and its events from now on. */
function followed(sandbox: Sandbox): { node: SandboxNode; events: NodeEvent[] } {
  const [node] = sandbox.nodes;
  assert.ok(node !== undefined);
  const events: NodeEvent[] = [];
  node.events.subscribe((event) => events.push(event));
  return { node, events };
}

function described({ payload }: NodeEvent): string {
  switch (payload.type) {
    case "SequenceEvent":
      return `sequence ${payload.message.sequence} ${payload.message.action}`;
    case "PhaseEvent":
      return `phase ${payload.message.phase} ${payload.message.action}`;
    case "TaskEvent":
      return `task ${payload.message.task} ${payload.message.action}`;
    case "ServiceStateEvent":
      return `service ${payload.message.service} ${payload.message.action}`;
    case "MachineStatusEvent":
      return `status ${payload.message.stage} ${payload.message.status?.ready}`;
    default:
      return payload.type;
  }
}
