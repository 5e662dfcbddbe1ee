/** `talosctl service` as a user sees it: lists, one service, actions that act, nodes that fail. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { startFakeNodes } from "../fake_nodes.ts";
import { talosctl, type Target } from "../talosctl.ts";

const refused =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.5.0.3:50000: connect: connection refused"';

async function withTarget(
  sandbox: Sandbox,
  test: (target: Target) => Promise<void>,
  role = "os:admin",
) {
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath, role);
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

/** A service of a system extension: the one kind that may also be stopped. */
function giveExtension({ nodes: [node], clock }: Sandbox): void {
  const kind = {
    id: "ext-hello",
    started: "Started task ext-hello (PID 300) for container ext-hello",
    hasHealthCheck: false,
    actions: ["start", "stop", "restart"],
  } as const;
  node?.services.set(kind.id, {
    kind,
    state: "Running",
    isHealthy: undefined,
    lastHealthMessage: "",
    lastHealthChange: clock.now(),
    events: [],
  });
}

Deno.test("a service of an extension is stopped, started and restarted, and tells each step", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  giveExtension(sandbox);
  await withTarget(sandbox, async (target) => {
    const rows = [
      ["stop", "stopped"],
      ["stop", "stopped"],
      ["start", "started"],
      ["start", "started"],
      ["restart", "restarted"],
    ] as const;
    for (const [action, done] of rows) {
      assert.deepEqual(await talosctl(target, `service ext-hello ${action} -n 10.5.0.2`), {
        code: 0,
        stdout: `NODE       RESPONSE\n10.5.0.2   Service "ext-hello" ${done}\n`,
        stderr: "",
      });
    }

    const { stdout } = await talosctl(target, "services ext-hello status -n 10.5.0.2 -o json");

    const { state, events } = JSON.parse(stdout);
    const stop = [
      "[Stopping]: Sending SIGTERM to task ext-hello (PID 300, container ext-hello)",
      "[Finished]: Service finished successfully",
    ];
    const start = [
      "[Starting]: Starting service",
      "[Preparing]: Running pre state",
      "[Preparing]: Creating service runner",
      "[Running]: Started task ext-hello (PID 300) for container ext-hello",
    ];
    assert.equal(state, "Running");
    assert.deepEqual(
      events.map(({ state, message }: { state: string; message: string }) =>
        `[${state}]: ${message}`
      ),
      [...stop, ...start, ...stop, ...start],
    );
  });
});

Deno.test("an operator may restart services, a reader may only look, and a node without configuration shows them to all", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, maintenance: 1, seed: 1 });
  const line = "service kubelet restart -n 10.5.0.2";
  await withTarget(sandbox, async (target) => {
    assert.equal((await talosctl(target, line)).code, 0);
  }, "os:operator");
  await withTarget(sandbox, async (target) => {
    assert.deepEqual(await talosctl(target, line), {
      code: 1,
      stdout: "NODE   RESPONSE\n",
      stderr:
        "error from node 10.5.0.2: rpc error: code = PermissionDenied desc = not authorized\n",
    });
    assert.equal((await talosctl(target, "service kubelet -n 10.5.0.2")).code, 0);

    const [endpoint] = sandbox.maintenanceEndpoints;
    const shown = await talosctl(target, `service machined --insecure -n ${endpoint}`);
    const acted = await talosctl(target, `service machined restart -i -n ${endpoint}`);
    assert.match(shown.stdout, /^ID {7}machined$/m);
    assert.match(acted.stderr, /code = PermissionDenied desc = not authorized\n$/);
  }, "os:reader");
});

Deno.test("a service that is not well says why, and one without events has none", async () => {
  await using nodes = await startFakeNodes({
    "machine.MachineService/ServiceList": () => ({
      messages: [{
        services: [{
          id: "kubelet",
          state: "Running",
          health: { unknown: false, healthy: false, lastMessage: "connection refused" },
          events: { events: [] },
        }],
      }],
    }),
  });

  const outcome = await talosctl(nodes, "service kubelet -n 10.5.0.2");

  assert.deepEqual(outcome, {
    code: 0,
    stdout: `NODE                  10.5.0.2
ID                    kubelet
STATE                 Running
HEALTH                Fail
LAST HEALTH MESSAGE   connection refused
`,
    stderr: "",
  });
});
