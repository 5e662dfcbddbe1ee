/** `events`: two lines an event, in the layout that the official client has. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import * as machine from "../../proto/gen/machine/machine.ts";
import { forever, startFakeNodes } from "../fake_nodes.ts";
import { talosctl } from "../talosctl.ts";

const events = "machine.MachineService/Events";

const prefix = "talos/runtime/machine.";

/** An event as a node sends it. */
function event<T>(
  id: string,
  name: string,
  codec: { encode(message: T): { finish(): Uint8Array }; fromPartial(partial: never): T },
  fields: object,
  actorId = "",
): object {
  const value = codec.encode(codec.fromPartial(fields as never)).finish();
  return { id, actorId, data: { typeUrl: prefix + name, value } };
}

function sequence(id: string, fields: object, actorId?: string): object {
  return event(id, "SequenceEvent", machine.SequenceEvent, fields, actorId);
}

const hello = { id: "cr6z", data: { typeUrl: "", value: new Uint8Array() } };

Deno.test("events prints two lines an event, aligned event by event", async () => {
  // The example of spec/machine-read.md 19.
  await using nodes = await startFakeNodes({
    [events]: () => [
      hello,
      sequence("cr70", { sequence: "boot", action: "START" }, "act"),
      { id: "x", data: { typeUrl: `${prefix}UnknownEvent`, value: new Uint8Array() } },
      sequence("cr71", { sequence: "boot", action: "STOP", error: { message: "failed" } }, "act"),
      event("cr75", "ConfigLoadErrorEvent", machine.ConfigLoadErrorEvent, { error: "e1" }, "act"),
    ],
  });

  const outcome = await talosctl(nodes, "events -n 10.0.0.1");

  const table = `\
NODE       ID     EVENT   ACTOR   SOURCE   MESSAGE
10.0.0.1   cr70   talos/runtime/machine.SequenceEvent
act        boot   START
10.0.0.1   cr71   talos/runtime/machine.SequenceEvent
act        boot   error: failed
10.0.0.1   cr75    talos/runtime/machine.ConfigLoadErrorEvent
act        error   e1
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
});

Deno.test("events words each kind as the official client does", async (test) => {
  const rows: [Parameters<typeof event>[1], object, string][] = [
    ["PhaseEvent", { phase: "machined", action: "START" }, "machined   START"],
    ["TaskEvent", { task: "startApid", action: "STOP" }, "startApid   STOP"],
    [
      "ServiceStateEvent",
      { service: "etcd", action: "RUNNING", message: "Health check successful" },
      "etcd   RUNNING: Health check successful",
    ],
    ["ConfigValidationErrorEvent", { error: "bad" }, "error   bad"],
    ["AddressEvent", { hostname: "h", addresses: ["a", "b"] }, "h   ADDRESSES: a,b"],
    ["AddressEvent", {}, "   ADDRESSES: "],
    [
      "MachineStatusEvent",
      {
        stage: "BOOTING",
        status: { unmetConditions: [{ name: "services" }, { name: "nodeReady" }] },
      },
      "BOOTING   ready: false, unmet conditions: [services nodeReady]",
    ],
    [
      "MachineStatusEvent",
      { stage: "SHUTTING_DOWN", status: { ready: true } },
      "SHUTTING_DOWN   ready: true, unmet conditions: []",
    ],
    ["RestartEvent", { cmd: "1" }, "%!s(MISSING)   %!s(MISSING)"],
  ];
  for (const [name, fields, expected] of rows) {
    await test.step(`${name} ${expected}`, async () => {
      const codec = machine[name as "PhaseEvent"];
      await using nodes = await startFakeNodes({
        [events]: () => [event("i", name, codec, fields)],
      });

      const { stdout } = await talosctl(nodes, "events -n n");

      const [, , second = ""] = stdout.split("\n");
      assert.equal(second.replace(/ {3,}/g, "   "), `   ${expected}`.replace(/ {3,}/g, "   "));
    });
  }
});

Deno.test("events breaks a message of several lines as the official client does", async () => {
  await using nodes = await startFakeNodes({
    [events]: () => [
      event("dc0n42hdrkvs73fol0l0", "ServiceStateEvent", machine.ServiceStateEvent, {
        service: "kubelet",
        action: "FAILED",
        message: "Failed to run pre stage: 1 error(s) occurred:\n\tfailed to pull image",
      }),
    ],
  });

  const { stdout } = await talosctl(nodes, "events --tail 1 -n 127.0.0.3");

  assert.equal(
    stdout,
    `\
NODE        ID                     EVENT   ACTOR   SOURCE   MESSAGE
127.0.0.3   dc0n42hdrkvs73fol0l0   talos/runtime/machine.ServiceStateEvent
            kubelet                FAILED: Failed to run pre stage: 1 error(s) occurred:
            failed to pull image
`,
  );
});

Deno.test("events asks for what its flags say", async (test) => {
  await using nodes = await startFakeNodes({ [events]: () => [] });
  const plain = { tailEvents: 0, tailId: "", tailSeconds: 0, withActorId: "" };
  const rows: [string, Partial<typeof plain>][] = [
    ["events", {}],
    ["events ignored", {}],
    ["events --tail -1", { tailEvents: -1 }],
    ["events --since cr70 --actor-id abc", { tailId: "cr70", withActorId: "abc" }],
    ["events --duration 1m1.9s", { tailSeconds: 61 }],
  ];
  for (const [line, expected] of rows) {
    await test.step(line, async () => {
      nodes.requests.length = 0;

      const outcome = await talosctl(nodes, `${line} -n a`);

      assert.deepEqual(nodes.requests.map(({ request }) => request), [{ ...plain, ...expected }]);
      assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
    });
  }
});

Deno.test("events shows an event as soon as it comes, and ends well when it is interrupted", async () => {
  const interrupt = new AbortController();
  await using nodes = await startFakeNodes({
    async *[events]() {
      yield hello;
      yield sequence("cr70", { sequence: "boot", action: "START" });
      await forever();
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "events -n a", {
    interrupt: interrupt.signal,
    onStdout: () => interrupt.abort(),
  });

  assert.equal(stdout.split("\n").length, 4);
  assert.equal(
    stderr,
    "Signal received, aborting, press Ctrl+C once again to abort immediately...\n",
  );
  assert.equal(code, 0);
});

Deno.test("events reports a node that refuses and an event that cannot be read, and shows the rest", async () => {
  await using nodes = await startFakeNodes({
    *[events](_request: unknown, node: string) {
      if (node === "b") throw new RpcError("Unknown", "error parsing tail_id: xid: invalid ID");
      yield { id: "bad", data: { typeUrl: `${prefix}TaskEvent`, value: Uint8Array.of(0x0a, 9) } };
      yield sequence("cr70", { sequence: "boot", action: "STOP" });
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "events -n a,b --since bogus");

  assert.match(stdout, /^a {6}cr70 {3}/m);
  assert.deepEqual(stderr.trimEnd().split("\n").sort().map((line) => line.slice(0, 38)), [
    "error from node a: reading event bad: ",
    "error from node b: rpc error: code = U",
  ]);
  assert.equal(code, 1);
});

Deno.test("events says of a node that breaks off that its events are partial", async () => {
  await using nodes = await startFakeNodes({
    *[events](_request: unknown, node: string) {
      yield sequence("cr70", { sequence: "boot", action: "STOP" });
      if (node === "b") throw new RpcError("Unavailable", "error reading from server: EOF");
    },
  });

  const { code, stdout, stderr } = await talosctl(nodes, "events -n a,b");

  assert.equal(stdout.match(/ cr70 /g)?.length, 2);
  assert.deepEqual({ code, stderr }, {
    code: 1,
    stderr: "WARNING: what was printed of node b is partial\n" +
      "error from node b: rpc error: code = Unavailable desc = error reading from server: EOF\n",
  });
});

Deno.test("events -o json gives all fields of an event", async () => {
  await using nodes = await startFakeNodes({
    [events]: () => [sequence("cr70", { sequence: "boot", action: "START" }, "act")],
  });

  const { stdout } = await talosctl(nodes, "events -n a -o json");

  assert.deepEqual(JSON.parse(stdout), {
    node: "a",
    id: "cr70",
    event: "talos/runtime/machine.SequenceEvent",
    actorId: "act",
    source: "boot",
    message: "START",
    data: { sequence: "boot", action: "START" },
  });
});
