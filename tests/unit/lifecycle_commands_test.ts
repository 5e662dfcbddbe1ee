/** `reboot`, `shutdown`, `reset`, `rollback`: what their flags ask of nodes, and what their users read. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import * as events from "../event_messages.ts";
import { type FakeNodes, forever } from "../fake_nodes.ts";
import { actorId, type Script, startScriptedNodes } from "../scripted_nodes.ts";
import { talosctl } from "../talosctl.ts";

const one = "-n 10.5.0.3";
const two = "-n 10.5.0.2,10.5.0.3";
const denied = new RpcError("PermissionDenied", "not authorized");
const holding: Script["streams"] = [{ events: [], end: "holds" }];
const stopping: Script["streams"] = [
  { events: [events.task("stopAllServices", "START", actorId)], end: "holds" },
];
const methods = {
  "machine.MachineService/Rollback": () => [{ messages: [{}] }],
};

/** The requests of what changes nodes, each with its node. */
function changes({ requests }: FakeNodes): { node: string; method: string; request: object }[] {
  const changing = ["Reboot", "Shutdown", "Reset", "Rollback"];
  return requests.filter(({ method }) => changing.includes(method));
}

const reset = {
  graceful: true,
  reboot: false,
  mode: "ALL",
  systemPartitionsToWipe: [],
  userDisksToWipe: [],
};

/** Command lines, and the request that each node gets (spec/machine-ops.md, 2 and 7). */
const requests: [string, object][] = [
  ["reboot --wait=false", { mode: "DEFAULT" }],
  ["reboot --wait=false --mode POWERcycle", { mode: "POWERCYCLE" }],
  ["reboot --wait=false -m force", { mode: "FORCE" }],
  ["shutdown --wait=false", { force: false }],
  ["shutdown --wait=false --force", { force: true }],
  ["reset --wait=false", reset],
  ["reset --wait=false --graceful=false --reboot", { ...reset, graceful: false, reboot: true }],
  [
    "reset --wait=false --wipe-mode system-disk --system-labels-to-wipe STATE,EPHEMERAL",
    {
      ...reset,
      mode: "SYSTEM_DISK",
      systemPartitionsToWipe: [{ label: "STATE", wipe: true }, { label: "EPHEMERAL", wipe: true }],
    },
  ],
  [
    "reset --wait=false --wipe-mode user-disks --user-disks-to-wipe /dev/sdb --user-disks-to-wipe /dev/sdc",
    { ...reset, mode: "USER_DISKS", userDisksToWipe: ["/dev/sdb", "/dev/sdc"] },
  ],
  ["rollback", {}],
  ["rollback what ever", {}],
];

for (const [line, request] of requests) {
  Deno.test(`${line} asks each node at once and prints nothing`, async () => {
    await using nodes = await startScriptedNodes({ streams: holding, methods });

    const outcome = await talosctl(nodes, `${line} ${two}`);

    assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
    const asked = changes(nodes).toSorted((a, b) => a.node < b.node ? -1 : 1);
    assert.deepEqual(asked.map(({ node }) => node), ["10.5.0.2", "10.5.0.3"]);
    for (const { request: sent } of asked) assert.deepEqual(sent, request);
  });
}

for (const name of ["reboot", "shutdown", "reset"]) {
  Deno.test(`${name} --wait=false names each node that refuses`, async () => {
    await using nodes = await startScriptedNodes({
      streams: holding,
      action(_request, node) {
        if (node === "10.5.0.2") throw denied;
        return [{ messages: [{ actorId }] }];
      },
    });

    const outcome = await talosctl(nodes, `${name} --wait=false ${two}`);

    const refusal = "rpc error: code = PermissionDenied desc = not authorized";
    assert.deepEqual(outcome, {
      code: 1,
      stdout: "",
      stderr: `error executing ${name} on node 10.5.0.2: ${refusal}\n`,
    });
  });

  for (const wait of ["", " --wait=false"]) {
    Deno.test(`${name}${wait} asks nothing of nodes whose version cannot be had`, async () => {
      await using nodes = await startScriptedNodes({
        streams: holding,
        methods: {
          "machine.MachineService/Version": () => {
            throw denied;
          },
        },
      });

      const outcome = await talosctl(nodes, `${name}${wait} ${one}`);

      const refusal = "rpc error: code = PermissionDenied desc = not authorized";
      assert.deepEqual(outcome, {
        code: 1,
        stdout: "",
        stderr: `10.5.0.3: error getting server version: ${refusal}\n`,
      });
      assert.deepEqual(changes(nodes), []);
    });
  }

  Deno.test(`${name} of a node that refuses prints its refusal once, and the command no error`, async () => {
    await using nodes = await startScriptedNodes({
      streams: holding,
      action() {
        throw denied;
      },
    });

    const outcome = await talosctl(nodes, `${name} ${one}`);

    assert.deepEqual(outcome, {
      code: 1,
      stdout: "",
      stderr: `"10.5.0.3": waiting for actor ID\n` +
        `"10.5.0.3": rpc error: code = PermissionDenied desc = not authorized\n`,
    });
  });
}

Deno.test("rollback names each node that refuses", async () => {
  await using nodes = await startScriptedNodes({
    streams: holding,
    methods: {
      "machine.MachineService/Rollback": () => {
        throw new RpcError("FailedPrecondition", "system disk not found");
      },
    },
  });

  const { code, stderr } = await talosctl(nodes, `rollback ${one}`);

  assert.equal(code, 1);
  assert.equal(
    stderr,
    "error executing rollback on node 10.5.0.3: rpc error: code = FailedPrecondition desc = system disk not found\n",
  );
});

/** Where nobody listens: `reset --reboot` dials the node itself too. */
const nobody = "127.0.0.1:1";

/** Command lines that wait, and the streams that end them well. */
const waiting: [string, Script][] = [
  ["shutdown", { streams: stopping }],
  ["reset", { streams: stopping }],
  ["reset --reboot", { streams: stopping }],
  ["reset --debug --wait=false", { streams: stopping }],
  [
    "reboot",
    {
      streams: [{ events: [events.machineStatus("RUNNING", true)], end: "holds" }],
      bootIds: ["one", "two"],
    },
  ],
];

for (const [line, script] of waiting) {
  Deno.test(`${line} follows the node to its end`, async () => {
    await using nodes = await startScriptedNodes(script);

    const outcome = await talosctl(nodes, `${line} -n ${nobody}`);

    const texts = ["waiting for actor ID", `actor ID: ${actorId}`, "events check condition met"];
    if (line.includes("reboot")) texts.push("post check passed");
    assert.deepEqual(outcome, {
      code: 0,
      stdout: "",
      stderr: texts.map((text) => `"${nobody}": ${text}\n`).join(""),
    });
  });
}

Deno.test("a node older than the client is warned of before the updates", async () => {
  await using nodes = await startScriptedNodes({
    streams: stopping,
    methods: {
      "machine.MachineService/Version": () => [{ messages: [{ version: { tag: "v1.12.3" } }] }],
    },
  });

  const { code, stderr } = await talosctl(nodes, `shutdown ${one}`);

  assert.equal(code, 0);
  assert.equal(
    stderr.split("\n")[0],
    "WARNING: 10.5.0.3: server version 1.12.3 is older than client version 1.14.0-beta.1",
  );
});

/** Command lines with a value that is none (spec/machine-ops.md, 7). */
const badValues: [string, string][] = [
  [
    "reboot --mode foo",
    'invalid argument "foo" for "-m, --mode" flag: must be one of [default force powercycle]',
  ],
  [
    "reboot --progress foo",
    'invalid argument "foo" for "--progress" flag: must be one of [auto plain]',
  ],
  [
    "reset --wipe-mode ALL",
    'invalid argument "ALL" for "--wipe-mode" flag: possible options are: all, system-disk, user-disks',
  ],
  ["reset --insecure", "unknown flag: --insecure"],
];

for (const [line, error] of badValues) {
  Deno.test(`${line} is refused with the official text`, async () => {
    await using nodes = await startScriptedNodes({ streams: holding });

    const { code, stderr } = await talosctl(nodes, `${line} ${one}`);

    assert.equal(code, 1);
    assert.equal(stderr.split("\n")[0], error);
    assert.deepEqual(nodes.requests, []);
  });
}

Deno.test("Ctrl-C while waiting ends with 0", async () => {
  const interrupt = new AbortController();
  await using nodes = await startScriptedNodes({
    streams: holding,
    async *action() {
      interrupt.abort();
      yield await forever();
    },
  });

  const { code, stderr } = await talosctl(nodes, `shutdown ${one}`, {
    interrupt: interrupt.signal,
  });

  assert.equal(code, 0);
  assert.deepEqual(stderr.split("\n").toSorted(), [
    "",
    '"10.5.0.3": waiting for actor ID',
    "Signal received, aborting, press Ctrl+C once again to abort immediately...",
  ]);
});

/** What is asked on a terminal before anything is done. */
const questions: [string, string][] = [
  [
    `reboot ${two}`,
    "10.5.0.2: restarts\n10.5.0.3: restarts\nRestart these 2 nodes at once? [y/N]: ",
  ],
  [
    `shutdown ${two}`,
    "10.5.0.2: is powered off\n10.5.0.3: is powered off\nPower off these 2 nodes? [y/N]: ",
  ],
  [
    `reset ${one}`,
    "10.5.0.3: erases the system disk, then powers off\nWipe, with no way back? [y/N]: ",
  ],
  [
    `reset ${one} --reboot --user-disks-to-wipe /dev/sdb --system-labels-to-wipe STATE`,
    "10.5.0.3: erases the partitions STATE and /dev/sdb, then restarts\nWipe, with no way back? [y/N]: ",
  ],
  [
    `reset ${one} --wipe-mode user-disks --user-disks-to-wipe /dev/sdb,/dev/sdc`,
    "10.5.0.3: erases /dev/sdb, /dev/sdc, then powers off\nWipe, with no way back? [y/N]: ",
  ],
];

for (const [line, question] of questions) {
  Deno.test(`${line} asks first on a terminal, and takes no answer for no`, async () => {
    await using nodes = await startScriptedNodes({ streams: holding });

    const outcome = await talosctl(nodes, `${line} --wait=false`, { isTerminal: true });
    const agreed = await talosctl(nodes, `${line} --wait=false`, {
      isTerminal: true,
      stdin: "y\n",
    });
    const said = await talosctl(nodes, `${line} --wait=false --yes`, { isTerminal: true });

    assert.deepEqual(outcome, {
      code: 1,
      stdout: question,
      stderr: "nothing was changed: the answer was not yes\n--yes answers it beforehand\n",
    });
    assert.deepEqual(agreed, { code: 0, stdout: question, stderr: "" });
    assert.deepEqual(said, { code: 0, stdout: "", stderr: "" });
    assert.equal(changes(nodes).length, 2 * (line.includes(two) ? 2 : 1));
  });
}

Deno.test("reboot and shutdown of one node ask nothing on a terminal", async () => {
  for (const name of ["reboot", "shutdown"]) {
    await using nodes = await startScriptedNodes({ streams: holding });

    const outcome = await talosctl(nodes, `${name} ${one} --wait=false`, { isTerminal: true });

    assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
  }
});
