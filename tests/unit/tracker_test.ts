/** The tracker behind `--wait`: what a user sees of nodes that restart, refuse, fail, vanish and take too long. */

import assert from "node:assert/strict";
import { keepKernelLog } from "../../core/action_tracker/kernel_log.ts";
import { isWipedOrHasRebooted } from "../../core/action_tracker/post_checks.ts";
import { timeLimit } from "../../core/action_tracker/time_limit.ts";
import type { TrackedAction } from "../../core/action_tracker/track_node.ts";
import { RpcError } from "../../core/errors.ts";
import * as events from "../event_messages.ts";
import { forever } from "../fake_nodes.ts";
import { actorId, type Script, startScriptedNodes, unavailable } from "../scripted_nodes.ts";
import { testClient } from "../talos_client.ts";
import { rebootOf, shutdownOf, track } from "../tracking.ts";

const node = "10.5.0.3";
const begun = `"${node}": waiting for actor ID\n"${node}": actor ID: ${actorId}\n`;
const denied = new RpcError("PermissionDenied", "not authorized");

/** A stream with these events that stays open. */
function holding(...events: object[]): Script["streams"][number] {
  return { events, end: "holds" };
}

const startOfReboot = holding(events.sequence("reboot", "START", actorId));
const stopOfServices = holding(events.task("stopAllServices", "START", actorId));
const upAgain = holding(events.machineStatus("RUNNING", true));
const lost = { events: [], end: unavailable } as const;

/** Lines of one node. */
function lines(...texts: string[]): string {
  return texts.map((text) => `"${node}": ${text}\n`).join("");
}

Deno.test("a reboot is followed from its first event over the lost connection to a new boot id", async () => {
  // The example of spec/machine-ops.md 6.5.
  const unmet = [{ name: "time", reason: "time is not synced" }];
  await using nodes = await startScriptedNodes({
    streams: [
      startOfReboot,
      { events: [events.task("stopServicesForUpgrade", "START", actorId)], end: unavailable },
      lost,
      holding(
        events.task("ofAnotherActor", "START", "somebody"),
        events.restartEvent("1"),
        events.machineStatus("BOOTING", false, unmet),
        events.machineStatus("RUNNING", false),
        events.machineStatus("RUNNING", true),
      ),
    ],
    bootIds: ["one", "one", "one", unavailable, "two"],
  });

  const tracked = await track(nodes.endpoint, rebootOf(node));

  assert.deepEqual(tracked, {
    outcome: 0,
    stderr: begun + lines(
      "sequence: reboot action: START",
      "error: reboot sequence completed",
      "task: stopServicesForUpgrade action: START",
      "unavailable, retrying...",
      "unavailable, retrying...",
      'stage: BOOTING ready: false unmetCond: [name:"time" reason:"time is not synced"]',
      "stage: RUNNING ready: false unmetCond: []",
      "events check condition met",
      "unavailable, retrying...",
      "post check passed",
    ),
  });
  const tails = nodes.requests.filter(({ method }) => method === "Events")
    .map(({ request }) => request.tailEvents);
  assert.deepEqual(tails, [0, 0, -1, -1]);
});

Deno.test("a node that has restarted within the pause is found by its boot id", async () => {
  await using nodes = await startScriptedNodes({
    streams: [startOfReboot, holding(), upAgain],
    bootIds: ["one", "two"],
  });

  const tracked = await track(nodes.endpoint, rebootOf(node));

  const shown = lines(
    "sequence: reboot action: START",
    "error: reboot sequence completed",
    "events check condition met",
    "post check passed",
  );
  assert.deepEqual(tracked, { outcome: 0, stderr: begun + shown });
});

Deno.test("who may not read the boot id is spared the check", async () => {
  await using nodes = await startScriptedNodes({
    streams: [startOfReboot, lost, upAgain],
    bootIds: [denied],
  });

  const { outcome, stderr } = await track(nodes.endpoint, rebootOf(node));

  assert.equal(outcome, 0);
  assert(stderr.endsWith(lines("events check condition met", "post check passed")), stderr);
});

Deno.test("a post check that is refused later fails the node with all that went wrong", async () => {
  const broken = new RpcError("Internal", "broken");
  await using nodes = await startScriptedNodes({
    streams: [upAgain],
    bootIds: ["one", "one", unavailable, broken],
  });

  const tracked = await track(nodes.endpoint, rebootOf(node));

  const shown = lines(
    "events check condition met",
    "unavailable, retrying...",
    "3 error(s) occurred:\n\tdidn't reboot yet\n\trpc error: code = Unavailable desc = node is down\n" +
      "\trpc error: code = Internal desc = broken",
  );
  assert.deepEqual(tracked, { outcome: 1, stderr: begun + shown });
});

/** Streams that end a shutdown badly, or oddly, and the lines after the actor id (spec/machine-ops.md, 6.2 and 6.3). */
const endings: [string, Script["streams"], 0 | 1, string[]][] = [
  [
    "a failed sequence",
    [holding(events.sequence("reset", "NOOP", actorId, { message: "sequence failed: boom" }))],
    1,
    [
      "sequence: reset action: NOOP error: [code: sequence failed: boom message: FATAL]",
      "error: sequence error: sequence failed: boom",
      "1 error(s) occurred:\n\tsequence error: sequence failed: boom",
    ],
  ],
  [
    "a reboot that is locked out",
    [
      holding(
        events.sequence("reboot", "NOOP", actorId, {
          code: "LOCKED",
          message: "sequence not started: locked",
        }),
      ),
      stopOfServices,
    ],
    0,
    [
      "sequence: reboot action: NOOP error: [code: sequence not started: locked message: LOCKED]",
      "error: reboot sequence completed",
      "events check condition met",
    ],
  ],
  [
    "an event of no known kind",
    [holding({ id: "x", data: { typeUrl: "talos/runtime/machine.NewEvent" } })],
    1,
    [
      "error: event is not supported: talos/runtime/machine.NewEvent",
      "1 error(s) occurred:\n\tevent is not supported: talos/runtime/machine.NewEvent",
    ],
  ],
  [
    "an event with a failure in it",
    [holding({ metadata: { hostname: "cp-1", error: "no such node" } })],
    1,
    ["error: cp-1: no such node", "1 error(s) occurred:\n\tcp-1: no such node"],
  ],
  [
    "a stream that ends, and one that is refused",
    [{ events: [events.serviceState("etcd", "Sending SIGTERM")], end: "eof" }, {
      events: [],
      end: denied,
    }],
    1,
    [
      "unavailable, retrying...",
      "error: rpc error: code = PermissionDenied desc = not authorized",
      "2 error(s) occurred:\n\terror while watching events: EOF\n" +
      "\trpc error: code = PermissionDenied desc = not authorized",
    ],
  ],
];

for (const [name, streams, outcome, shown] of endings) {
  Deno.test(`a shutdown and ${name}`, async () => {
    await using nodes = await startScriptedNodes({ streams });

    const tracked = await track(nodes.endpoint, shutdownOf(node));

    assert.deepEqual(tracked, { outcome, stderr: begun + lines(...shown) });
  });
}

Deno.test("an action without an answer fails its node", async () => {
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    action: () => [{ messages: [] }],
  });

  const tracked = await track(nodes.endpoint, shutdownOf(node));

  const shown = lines("waiting for actor ID", "no messages returned from action run");
  assert.deepEqual(tracked, { outcome: 1, stderr: shown });
});

Deno.test("a node that fails stops no other", async () => {
  await using nodes = await startScriptedNodes({
    streams: [stopOfServices],
    action(_request, node) {
      if (node === "10.5.0.2") throw denied;
      return [{ messages: [{ actorId }] }];
    },
  });

  const { outcome, stderr } = await track(nodes.endpoint, shutdownOf("10.5.0.2", node));

  assert.equal(outcome, 1);
  const linesOf = (node: string) =>
    stderr.split("\n").filter((line) => line.startsWith(`"${node}"`));
  assert.deepEqual(linesOf("10.5.0.2"), [
    '"10.5.0.2": waiting for actor ID',
    '"10.5.0.2": rpc error: code = PermissionDenied desc = not authorized',
  ]);
  assert.equal(linesOf(node).at(-1), `"${node}": events check condition met`);
});

Deno.test("when time is up between two attempts, the texts of all attempts are told", async () => {
  await using nodes = await startScriptedNodes({ streams: [lost] });
  const timeout = new AbortController();

  const tracked = await track(nodes.endpoint, shutdownOf(node), {
    timeout,
    pauseMs: 60_000,
    onStderr: (text) => text.includes("unavailable") && timeout.abort(timeLimit),
  });

  const shown = lines(
    "unavailable, retrying...",
    "2 error(s) occurred:\n\terror while watching events: rpc error: code = Unavailable desc = node is down\n\ttimeout",
  );
  assert.deepEqual(tracked, { outcome: 1, stderr: begun + shown });
});

Deno.test("events that cannot be had do not keep the action from being asked for", async () => {
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    methods: {
      "machine.MachineService/Events": () => {
        throw denied;
      },
    },
  });

  const tracked = await track(nodes.endpoint, shutdownOf(node), { pauseMs: 60_000 });

  const refusal = "rpc error: code = PermissionDenied desc = not authorized";
  const shown = lines(`error: ${refusal}`, `1 error(s) occurred:\n\t${refusal}`);
  assert.deepEqual(tracked, { outcome: 1, stderr: shown });
  assert.equal(nodes.requests.filter(({ method }) => method === "Shutdown").length, 1);
});

Deno.test("an action that is not answered in time is cut off", async () => {
  const timeout = new AbortController();
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    async *action() {
      timeout.abort(timeLimit);
      yield await forever();
    },
  });

  const tracked = await track(nodes.endpoint, shutdownOf(node), { timeout });

  const shown = lines(
    "waiting for actor ID",
    "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
  );
  assert.deepEqual(tracked, { outcome: 1, stderr: shown });
});

Deno.test("a timeout that is over at once ends in the version check", async () => {
  await using nodes = await startScriptedNodes({ streams: [holding()] });

  const { outcome, stderr } = await track(nodes.endpoint, shutdownOf(node), { timeoutMs: 0 });

  assert.equal(stderr, "");
  assert.match(
    String(outcome),
    /^10\.5\.0\.3: error getting server version: rpc error: code = DeadlineExceeded desc = context deadline exceeded/,
  );
});

/** Asks for the action when the client has seen all that was sent until `sent`: answers come in order. */
function shutdownAfter(sent: Promise<void>, ...names: string[]): TrackedAction {
  return {
    ...shutdownOf(...names),
    async start(machine, options) {
      await sent;
      await machine.version({});
      return await machine.shutdown({}, options);
    },
  };
}

Deno.test("--debug prints the kernel log of nodes that failed, and of no other", async () => {
  const logged = Promise.withResolvers<void>();
  let logs = 0;
  await using nodes = await startScriptedNodes({
    streams: [stopOfServices],
    action(_request, node) {
      if (node !== "10.5.0.4") throw denied;
      return [{ messages: [{ actorId }] }];
    },
    methods: {
      async *"machine.MachineService/Dmesg"(_request, node) {
        yield {
          bytes: new TextEncoder().encode(`user: warning: [2026-01-02T03:04:05Z]: ${node}\n`),
        };
        if (++logs === 3) logged.resolve();
        await forever();
      },
    },
  });

  const action = shutdownAfter(logged.promise, "10.5.0.4", "10.5.0.3", "10.5.0.2");
  const { outcome, stderr } = await track(nodes.endpoint, action, { debug: true });

  assert.equal(outcome, 1);
  const [, log] = stderr.split(/^(?=console)/m);
  assert.equal(
    log,
    `console logs for nodes ["10.5.0.2" "10.5.0.3"]:
10.5.0.2: user: warning: [2026-01-02T03:04:05Z]: 10.5.0.2
10.5.0.3: user: warning: [2026-01-02T03:04:05Z]: 10.5.0.3
`,
  );
});

Deno.test("--debug follows the kernel log over lost connections, and says when it may not", async () => {
  const refused = Promise.withResolvers<void>();
  let streams = 0;
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    action() {
      throw denied;
    },
    methods: {
      async *"machine.MachineService/Dmesg"(request) {
        assert.deepEqual(request, { follow: true, tail: true });
        streams++;
        yield { bytes: new TextEncoder().encode(`line ${streams}\n`) };
        if (streams === 1) throw unavailable;
        if (streams === 2) return;
        refused.resolve();
        throw denied;
      },
    },
  });

  const action = shutdownAfter(refused.promise, node);
  const { stderr } = await track(nodes.endpoint, action, { debug: true });

  const [, log] = stderr.split(/^(?=console)/m);
  const refusal = "rpc error: code = PermissionDenied desc = not authorized";
  const kept = ["line 1", "line 2", "line 3", `error streaming results: ${refusal}`];
  assert.equal(
    log,
    `console logs for nodes ["${node}"]:\n${kept.map((line) => `${node}: ${line}\n`).join("")}`,
  );
});

Deno.test("of a kernel log the last mebibyte is kept", async () => {
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    methods: {
      async *"machine.MachineService/Dmesg"() {
        for (const letter of "abc") {
          yield { bytes: new TextEncoder().encode(letter.repeat(500_000) + "\n") };
        }
        throw denied;
      },
    },
  });
  await using talos = testClient({ context: nodes.endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  const log = keepKernelLog(node, machine, { pauseMs: 5, signal: new AbortController().signal });
  await log.ended;

  const begins = log.text().split("\n").map((line) => line.slice(0, 12));
  assert.deepEqual(begins, ["10.5.0.3: bb", "10.5.0.3: cc", "10.5.0.3: er", ""]);
});

Deno.test("on a terminal the latest of all nodes stands in one place", async () => {
  const painted = Promise.withResolvers<void>();
  await using nodes = await startScriptedNodes({
    streams: [stopOfServices],
    async *action(_request, node) {
      if (node === "10.5.0.2") throw denied;
      await painted.promise;
      yield { messages: [{ actorId }] };
    },
  });

  const { outcome, stderr } = await track(nodes.endpoint, shutdownOf(node, "10.5.0.2"), {
    isTerminal: true,
    repaintMs: 1,
    onStderr: (text) => text.includes("not authorized") && painted.resolve(),
  });

  assert.equal(outcome, 1);
  const pictures = stderr.split("\x1b[0m\n").map((picture) =>
    picture.replaceAll("\x1b[A\x1b[K", "").replace(/[◰◳◲◱]/, "*")
  );
  assert.deepEqual(
    pictures.at(-2),
    "\x1b[31m" + `* watching nodes: [10.5.0.2 10.5.0.3]
    * 10.5.0.2: rpc error: code = PermissionDenied desc = not authorized
    * 10.5.0.3: events check condition met`,
  );
  const waiting = "\x1b[31m" + `* watching nodes: [10.5.0.2 10.5.0.3]
    * 10.5.0.2: rpc error: code = PermissionDenied desc = not authorized
    * 10.5.0.3: waiting for actor ID`;
  assert(pictures.includes(waiting), stderr);
});

Deno.test("on a terminal nothing but a red spinner stands there before the first news", async () => {
  const painted = Promise.withResolvers<void>();
  await using nodes = await startScriptedNodes({
    streams: [stopOfServices],
    methods: {
      async *"machine.MachineService/Events"() {
        await painted.promise;
        yield* [events.hello, events.task("stopAllServices", "START")];
        await forever();
      },
    },
  });

  const { outcome, stderr } = await track(nodes.endpoint, shutdownOf(node), {
    isTerminal: true,
    repaintMs: 1,
    pauseMs: 60_000,
    onStderr: () => painted.resolve(),
  });

  assert.equal(outcome, 0);
  const done =
    "\x1b[32mwatching nodes: [10.5.0.3]\n    * 10.5.0.3: events check condition met\x1b[0m\n";
  assert(stderr.startsWith("\x1b[31m◰ \x1b[0m\n\x1b[A\x1b[K"), stderr);
  assert(stderr.endsWith(done), stderr);
});

Deno.test("a refused reboot on a terminal that ends at once leaves its last picture", async () => {
  // spec/machine-ops.md 6.5
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    action() {
      throw new RpcError("FailedPrecondition", "method is not supported in container mode");
    },
  });

  const tracked = await track(nodes.endpoint, rebootOf("127.0.0.2"), { isTerminal: true });

  const stderr = "\x1b[31m◰ watching nodes: [127.0.0.2]\n    * 127.0.0.2: rpc error: " +
    "code = FailedPrecondition desc = method is not supported in container mode\x1b[0m\n";
  assert.deepEqual(tracked, { outcome: 1, stderr });
});

for (const isTerminal of [false, true]) {
  const where = isTerminal ? "on a terminal says that the action goes on" : "adds no line";
  Deno.test(`Ctrl-C while a node is tracked ends well and ${where}`, async () => {
    const interrupt = new AbortController();
    await using nodes = await startScriptedNodes({ streams: [startOfReboot, holding()] });

    const { outcome, stderr } = await track(nodes.endpoint, rebootOf(node), {
      isTerminal,
      repaintMs: 1,
      interrupt: interrupt.signal,
      onStderr: (text) => text.includes("reboot sequence completed") && interrupt.abort(),
    });

    assert.equal(outcome, 0);
    const shown = lines("sequence: reboot action: START", "error: reboot sequence completed");
    if (!isTerminal) assert.equal(stderr, begun + shown);
    const note = `the reboot goes on at ${node}: only the tracking of it has ended\n`;
    assert.equal(stderr.endsWith(note), isTerminal);
  });
}

Deno.test("Ctrl-C after a node has failed ends as that node did", async () => {
  const interrupt = new AbortController();
  await using nodes = await startScriptedNodes({
    streams: [holding()],
    async *action(_request, node) {
      if (node === "10.5.0.2") throw denied;
      yield await forever();
    },
  });

  const { outcome } = await track(nodes.endpoint, shutdownOf("10.5.0.2", node), {
    interrupt: interrupt.signal,
    onStderr: (text) => text.includes("not authorized") && interrupt.abort(),
  });

  assert.equal(outcome, 1);
});

Deno.test("a reset that restarts passes when the node waits for a configuration, or has a new boot id", async (test) => {
  for (const isWiped of [true, false]) {
    await test.step(isWiped ? "maintenance mode" : "boot id", async () => {
      await using nodes = await startScriptedNodes({
        streams: [stopOfServices],
        bootIds: isWiped ? ["one", unavailable] : ["one", "one", "two"],
        ...(isWiped ? { methods: { "storage.StorageService/Disks": () => [{}] } } : {}),
      });
      const { address } = nodes.endpoint;

      const action = { ...shutdownOf(address), postCheck: isWipedOrHasRebooted };
      const { outcome, stderr } = await track(nodes.endpoint, action);

      assert.equal(outcome, 0);
      assert(stderr.endsWith(`"${address}": post check passed\n`), stderr);
      const maintenance = nodes.requests.filter(({ method }) => method === "Disks");
      assert.deepEqual(maintenance.map(({ node }) => node), isWiped ? [""] : []);
    });
  }
});
