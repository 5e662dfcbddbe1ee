/** The tracker when the way to the node fails: it goes on over another endpoint, and says what it saw. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import * as events from "../event_messages.ts";
import type { FakeNodes } from "../fake_nodes.ts";
import { actorId, startScriptedNodes } from "../scripted_nodes.ts";
import { openHome } from "./program.ts";
import { startRelay, type TcpRelay } from "../tcp_relay.ts";
import { rebootOf, track } from "../tracking.ts";

const node = "10.5.0.3";
const begun = `"${node}": waiting for actor ID\n"${node}": actor ID: ${actorId}\n`;

/** A node that comes up again as soon as the first stream of events has been lost. */
function startRebootingNode(): Promise<FakeNodes> {
  return startScriptedNodes({
    streams: [
      { events: [events.sequence("boot", "STOP", actorId)], end: "holds" },
      { events: [events.machineStatus("RUNNING", true)], end: "holds" },
    ],
  });
}

const shown = begun + [
  "sequence: boot action: STOP",
  "unavailable, retrying...",
  "events check condition met",
  "post check passed",
].map((text) => `"${node}": ${text}\n`).join("");

/** What happens to the endpoint in use once the node is being followed. */
const faults: [string, (used: TcpRelay, nodes: FakeNodes) => unknown][] = [
  ["breaks and refuses", (used) => used.break()],
  ["falls silent", (used) => used.freeze()],
  [
    "says that it goes away",
    (_used, nodes) => nodes.endpoint.server.drain(nodes.endpoint.address, 0),
  ],
];

for (const [what, fail] of faults) {
  Deno.test(`an endpoint that ${what} while a node restarts gives way to another`, async () => {
    await using nodes = await startRebootingNode();
    await using first = await startRelay(nodes.endpoint.address);
    await using second = await startRelay(nodes.endpoint.address);

    const tracked = await track(nodes.endpoint, rebootOf(node), {
      endpoints: [first.address, second.address],
      client: { keepalive: { intervalMs: 50, timeoutMs: 1_000 } },
      onStderr(text) {
        if (text.includes("boot action")) fail(first.isInUse ? first : second, nodes);
      },
    });

    assert.deepEqual(tracked, { outcome: 0, stderr: shown });
  });
}

Deno.test("the only endpoint being the node that restarts, it is found again when it is back", async () => {
  await using nodes = await startRebootingNode();
  const relay = await startRelay(nodes.endpoint.address);
  const { port } = new URL(`tcp://${relay.address}`);
  let attempts = 0;
  let back: TcpRelay | undefined;

  const { outcome, stderr } = await track(nodes.endpoint, rebootOf(node), {
    endpoints: [relay.address],
    async onStderr(text) {
      if (text.includes("boot action")) await relay.break();
      if (text.includes("unavailable") && ++attempts === 3) {
        back = await startRelay(nodes.endpoint.address, Number(port));
      }
    },
  });
  await back?.[Symbol.asyncDispose]();

  assert.equal(outcome, 0);
  assert.equal(
    stderr.replace(/(?:.*unavailable, retrying\.\.\.\n)+/, ""),
    shown.replace(/.*unavailable.*\n/, ""),
  );
  assert(attempts >= 3);
});

Deno.test("nodes that restart all at once, every endpoint among them, are followed until all are up", async () => {
  // Not faster: a busy machine could miss altogether that they were away.
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1, speed: 10 });
  const addresses = sandbox.nodes.flatMap(({ addresses: [first = ""] }) => [first]);

  const { outcome, stderr } = await track(
    { context: {} },
    rebootOf(...addresses),
    { client: { config: await sandbox.talosconfig() } },
  );

  assert.equal(outcome, 0, stderr);
  for (const address of addresses) {
    const own = stderr.split("\n").filter((line) => line.startsWith(`"${address}": `));
    const texts = own.map((line) => line.slice(`"${address}": `.length));
    assert.deepEqual(texts.slice(-2), ["events check condition met", "post check passed"]);
    assert.equal(texts[2], "sequence: reboot action: START");
    assert(texts.includes("unavailable, retrying..."), stderr);
  }
});

Deno.test("an operator, who may not read boot ids, reboots a node to its end", async () => {
  await using sandbox = await startSandbox({ workers: 1, speed: 100 });

  const { outcome, stderr } = await track({ context: {} }, rebootOf("10.5.0.3"), {
    client: { config: await sandbox.talosconfig("os:operator") },
  });

  assert.equal(outcome, 0, stderr);
  assert.match(stderr, /"10\.5\.0\.3": post check passed\n$/);
});

Deno.test("Ctrl-C ends the tracking of a reboot with 0, and the node goes on", async () => {
  await using sandbox = await startSandbox({ workers: 1 });
  await using home = await openHome(sandbox);
  const worker = sandbox.nodes[1];

  const process = home.start(["reboot", "-n", "10.5.0.3"]);
  await process.untilStderr("reboot sequence completed");
  process.kill("SIGINT");
  const { code, stderr } = await process.ended;

  assert.equal(code, 0);
  const [last = "", notice = ""] = stderr.trimEnd().split("\n").slice(-2);
  assert.equal(last, '"10.5.0.3": error: reboot sequence completed');
  assert.match(notice, /^Signal received, aborting/);
  assert.equal(worker?.stage, "rebooting");
});
