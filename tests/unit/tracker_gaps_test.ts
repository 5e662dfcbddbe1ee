/** Tracking over event streams with gaps: events that were lost, streams that end early, and refusals among events. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import * as events from "../event_messages.ts";
import { actorId, startScriptedNodes } from "../scripted_nodes.ts";
import { talosctl } from "../talosctl.ts";
import { rebootOf, track } from "../tracking.ts";

const node = "10.5.0.3";

/** Lines of one node. */
function lines(...texts: string[]): string {
  return texts.map((text) => `"${node}": ${text}\n`).join("");
}

const begun = lines("waiting for actor ID", `actor ID: ${actorId}`);

Deno.test("a reader that lagged behind is cut off, and then finds the event it missed in the backlog", async () => {
  // spec/machine-ops.md, 16.3: a clean end; and 6.2, 4: the backlog is replayed, without the actor's events.
  await using nodes = await startScriptedNodes({
    streams: [
      { events: [events.phase("cleanup", "START", actorId)], end: "eof" },
      {
        events: [
          events.phase("cleanup", "STOP", actorId),
          events.machineStatus("BOOTING", false),
          events.machineStatus("RUNNING", true),
        ],
        end: "holds",
      },
    ],
  });

  const tracked = await track(nodes.endpoint, rebootOf(node));

  assert.deepEqual(tracked, {
    outcome: 0,
    stderr: begun + lines(
      "phase: cleanup action: START",
      "unavailable, retrying...",
      "stage: BOOTING ready: false unmetCond: []",
      "events check condition met",
      "post check passed",
    ),
  });
  const tails = nodes.requests.filter(({ method }) => method === "Events")
    .map(({ request }) => request.tailEvents);
  assert.deepEqual(tails, [0, -1]);
});

Deno.test("the end of all services is a turning point: the stream is opened anew for the same actor", async () => {
  await using nodes = await startScriptedNodes({
    streams: [
      { events: [events.task("stopAllServices", "START", actorId)], end: "holds" },
      {
        events: [
          events.task("stopAllServices", "STOP", "somebody"),
          events.phase("kexec", "START", actorId),
        ],
        end: "eof",
      },
      { events: [events.machineStatus("RUNNING", true)], end: "holds" },
    ],
    bootIds: ["one", "one", "two"],
  });

  const { outcome, stderr } = await track(nodes.endpoint, rebootOf(node));

  assert.equal(
    stderr,
    begun + lines(
      "task: stopAllServices action: START",
      "error: stopAllServices task completed",
      "phase: kexec action: START",
      "unavailable, retrying...",
      "events check condition met",
      "post check passed",
    ),
  );
  assert.equal(outcome, 0);
});

Deno.test("a sequence that was locked out is shown with text and code in their official places", async () => {
  // spec/machine-ops.md, 6.7.
  const locked = { code: "LOCKED", message: "sequence not started: locked" };
  await using nodes = await startScriptedNodes({
    streams: [
      { events: [events.sequence("reboot", "NOOP", actorId, locked)], end: "holds" },
      { events: [events.machineStatus("RUNNING", true)], end: "holds" },
    ],
    bootIds: ["one", "one", "two"],
  });

  const { outcome, stderr } = await track(nodes.endpoint, rebootOf(node));

  assert.equal(
    stderr,
    begun + lines(
      "sequence: reboot action: NOOP error: [code: sequence not started: locked message: LOCKED]",
      "error: reboot sequence completed",
      "events check condition met",
      "post check passed",
    ),
  );
  assert.equal(outcome, 0);
});

Deno.test("--timeout ends the wait for a node that does not come back, with all that was seen", async () => {
  // The clock of a sandbox with a seed stands still: the node stays where its sequence has begun.
  await using sandbox = await startSandbox({ workers: 1, seed: 1 });
  const folder = await Deno.makeTempDir();
  const talosconfigPath = `${folder}/talosconfig`;
  await sandbox.writeTalosconfig(talosconfigPath);
  const target = { talosconfigPath, clock: sandbox.clock };

  const { code, stdout, stderr } = await talosctl(target, `reboot -n ${node} --timeout 3s`);
  await Deno.remove(folder, { recursive: true });

  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(
    stderr.replace(/actor ID: [0-9a-f-]{36}/, `actor ID: ${actorId}`),
    begun + lines(
      "sequence: reboot action: START",
      "error: reboot sequence completed",
      "error: rpc error: code = DeadlineExceeded desc = stream terminated by RST_STREAM with error code: CANCEL",
      "2 error(s) occurred:\n\treboot sequence completed\n" +
        "\trpc error: code = DeadlineExceeded desc = stream terminated by RST_STREAM with error code: CANCEL",
    ),
  );
});
