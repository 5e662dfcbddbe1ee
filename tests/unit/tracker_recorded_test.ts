/** The tracker against recorded runs of the official client: the same events give the same lines. */

import assert from "node:assert/strict";
import { timeLimit } from "../../core/action_tracker/time_limit.ts";
import { RpcError } from "../../core/errors.ts";
import * as events from "../event_messages.ts";
import { type ScriptedStream, startScriptedNodes, unavailable } from "../scripted_nodes.ts";
import { rebootOf, shutdownOf, track } from "../tracking.ts";

const folder = new URL("../golden/tracking/", import.meta.url);

interface Recorded {
  node: string;
  actorId: string;
  /** The streams whose events and ends give the lines. */
  streams: ScriptedStream[];
  stderr: string;
}

/** Reads a recorded run back into what the node must have sent, up to its end by the timeout, if that is how it ended. */
async function recorded(name: string): Promise<Recorded> {
  const stderr = await Deno.readTextFile(new URL(`${name}.txt`, folder));
  const [, node = ""] = /^"(.+?)": /.exec(stderr) ?? [];
  const [, actorId = ""] = /: actor ID: (.+)$/m.exec(stderr) ?? [];
  const streams: ScriptedStream[] = [];
  let sent: object[] = [];
  let actor = actorId;
  const end = (how: ScriptedStream["end"]) => {
    streams.push({ events: sent, end: how });
    sent = [];
  };
  const losses = stderr.matchAll(/^\terror while .* code = Unavailable desc = (.*)$/gm)
    .map(([, description = ""]) => new RpcError("Unavailable", description));
  let loss = unavailable;
  const [untilTimeout = ""] = stderr.split(/^.*DeadlineExceeded/m);
  for (const line of untilTimeout.trimEnd().split("\n")) {
    const text = line.slice(`"${node}": `.length);
    if (text.startsWith("error: ")) end("holds");
    else if (text === "unavailable, retrying...") {
      loss = losses.next().value ?? loss;
      end(loss);
      actor = "";
    } else if (text === "events check condition met") {
      sent.push(events.task("stopAllServices", "START", actor));
    } else sent.push(...eventsOf(text, actor));
  }
  end("holds");
  return { node, actorId, streams, stderr };
}

function eventsOf(text: string, actor: string): object[] {
  const [, sequence = "", sequenceAction = ""] = /^sequence: (.*) action: (.*)$/.exec(text) ?? [];
  if (sequence) return [events.sequence(sequence, sequenceAction, actor)];
  const [, phase = "", phaseAction = ""] = /^phase: (.*) action: (.*)$/.exec(text) ?? [];
  if (phase) return [events.phase(phase, phaseAction, actor)];
  const [, task = "", taskAction = ""] = /^task: (.*) action: (.*)$/.exec(text) ?? [];
  if (task) return [events.task(task, taskAction, actor)];
  const [, service = "", message = "", healthy] =
    /^service: (\S+) message: (.*) healthy: (.*)$/.exec(text) ?? [];
  if (service) return [events.serviceState(service, message, healthy === "true" || undefined)];
  const [, stage = "", ready, conditions = ""] =
    /^stage: (.*) ready: (.*) unmetCond: \[(.*)\]$/.exec(text) ?? [];
  if (stage === "") return [];
  const unmet = conditions.matchAll(/name:("[^"]*") reason:("(?:[^"\\]|\\.)*")/g)
    .map(([, name = "", reason = ""]) => ({ name: JSON.parse(name), reason: JSON.parse(reason) }));
  return [events.machineStatus(stage, ready === "true", [...unmet])];
}

for (const name of ["life-shutdown", "life-reset-worker"]) {
  Deno.test(`${name}: recorded events give the recorded lines`, async () => {
    const run = await recorded(name);
    await using nodes = await startScriptedNodes({
      streams: run.streams,
      action: () => [{ messages: [{ actorId: run.actorId }] }],
    });

    const tracked = await track(nodes.endpoint, shutdownOf(run.node));

    assert.deepEqual(tracked, { outcome: 0, stderr: run.stderr });
  });
}

Deno.test("life-reboot-debug: recorded events of a lost node and of its new boot give the recorded lines", async () => {
  const run = await recorded("life-reboot-debug");
  await using nodes = await startScriptedNodes({
    streams: run.streams,
    bootIds: ["before"],
    action: () => [{ messages: [{ actorId: run.actorId }] }],
  });
  const timeout = new AbortController();
  const lastLine = "service: apid message: Health check successful healthy: true\n";

  const tracked = await track(nodes.endpoint, rebootOf(run.node), {
    debug: true,
    timeout,
    onStderr(text) {
      if (text.endsWith(lastLine)) timeout.abort(timeLimit);
    },
  });

  assert.deepEqual(tracked, { outcome: 1, stderr: run.stderr });
});

Deno.test("life-reboot-cp1: a refused reboot gives the recorded lines", async () => {
  const run = await recorded("life-reboot-cp1");
  await using nodes = await startScriptedNodes({
    streams: [{ events: [], end: "holds" }],
    action() {
      throw new RpcError("FailedPrecondition", "method is not supported in container mode");
    },
  });

  const tracked = await track(nodes.endpoint, rebootOf(run.node));

  assert.deepEqual(tracked, { outcome: 1, stderr: run.stderr });
});
