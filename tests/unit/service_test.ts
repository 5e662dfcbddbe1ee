/** `talosctl service` as a user sees it: lists, one service, actions that act, nodes that fail. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { talosctl, type Target } from "../talosctl.ts";

const refused =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.5.0.3:50000: connect: connection refused"';

async function withTarget(sandbox: Sandbox, test: (target: Target) => Promise<void>) {
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath);
    await test({ talosconfigPath, clock: sandbox.clock });
  } finally {
    await Deno.remove(talosconfigPath);
  }
}

Deno.test("service restart acts on each node that answers, and names the one that does not", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3, seed: 1 });
  await sandbox.fault("10.5.0.3", "down");
  await withTarget(sandbox, async (target) => {
    const line = "service kubelet restart -n";

    const one = await talosctl(target, `${line} 10.5.0.2`);
    const both = await talosctl(target, `${line} 10.5.0.3,10.5.0.4`);

    assert.deepEqual(one, {
      code: 0,
      stdout: 'NODE       RESPONSE\n10.5.0.2   Service "kubelet" restarted\n',
      stderr: "",
    });
    assert.deepEqual(both, {
      code: 1,
      stdout: 'NODE       RESPONSE\n10.5.0.4   Service "kubelet" restarted\n',
      stderr: `error from node 10.5.0.3: ${refused}\n`,
    });
  });
});

Deno.test("a service shows its state, and its events with the newest first and their age", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, platform: "container", seed: 1 });
  await withTarget(sandbox, async (target) => {
    await talosctl(target, "service kubelet restart -n 10.5.0.2");
    sandbox.clock.advance(90_500);

    const { code, stdout, stderr } = await talosctl(target, "service kubelet -n 10.5.0.2");

    const [node, id, state, health, newest = ""] = stdout.split("\n");
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.deepEqual([node, id], ["NODE     10.5.0.2", "ID       kubelet"]);
    assert.deepEqual([state, health], ["STATE    Running", "HEALTH   OK"]);
    // Rounded to whole seconds, halves away from zero (spec/machine-read.md, 2).
    assert.match(newest, /^EVENTS {3}\[Running\]: .* \(1m31s ago\)$/);
  });
});

Deno.test("service -o json gives one document a service, with data instead of looks", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  await withTarget(sandbox, async (target) => {
    const { stdout } = await talosctl(target, "service apid -n 10.5.0.2 -o json");

    const { node, id, state, health, events } = JSON.parse(stdout);
    assert.deepEqual({ node, id, state, health }, {
      node: "10.5.0.2",
      id: "apid",
      state: "Running",
      health: { unknown: false, healthy: true, lastMessage: "" },
    });
    assert.match(events.at(-1).time, /^2026-11-21T10:\d\d:\d\d\.\d{3}Z$/);
  });
});

Deno.test("service says which actions and services it does not know", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1 });
  await withTarget(sandbox, async (target) => {
    const rows = [
      ["service apid frob -n 10.5.0.2", 'unsupported service action: "frob"\n', ""],
      ["service nosuch -n 10.5.0.2", 'service "nosuch" is not registered on any nodes\n', ""],
      [
        "service nosuch start -n 10.5.0.2",
        'error from node 10.5.0.2: rpc error: code = Unknown desc = service "nosuch" not defined\n',
        "NODE   RESPONSE\n",
      ],
    ] as const;
    for (const [line, stderr, stdout] of rows) {
      assert.deepEqual(await talosctl(target, line), { code: 1, stdout, stderr }, line);
    }
  });
});
