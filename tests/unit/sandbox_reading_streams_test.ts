/** Streams of simulated nodes: logs, the kernel's log, events, packets; all grow with the sandbox's clock (spec/machine-read.md, 11, 12, 20, 28). */

import assert from "node:assert/strict";
import type { MethodDefinition } from "../../core/client/talos.ts";
import { type SandboxOptions, startSandbox } from "../../plugins/sandbox/start.ts";
import { MachineServiceDefinition } from "../../proto/gen/machine/machine.ts";
import * as codecs from "../../proto/gen/machine/machine.ts";
import { sandboxClient } from "../sandbox_client.ts";

const { methods } = MachineServiceDefinition;

Deno.test("a log gives its last lines, in pieces that need not end with a line", async () => {
  await using node = await startNode({});
  node.logs.append("machined", "x".repeat(1500));
  const logs = async (request: unknown) => {
    const { messages } = await node.call("Logs", { namespace: "system", ...request as object });
    return messages.map(({ bytes }) => new TextDecoder().decode(bytes));
  };

  const last = await logs({ id: "machined", tailLines: 1 });
  const lastThree = await logs({ id: "etcd", tailLines: 3 });
  const all = await logs({ id: "etcd", tailLines: -1 });
  const none = await logs({ id: "etcd" });

  assert.deepEqual(last.map(({ length }) => length), [1024, 477]);
  const lines = all.join("").split("\n");
  assert.deepEqual(lastThree.join("").split("\n"), lines.slice(-4));
  const { ts, level } = JSON.parse(lines[0] ?? "");
  assert.deepEqual([ts, level], ["2026-11-21T10:25:20.000000Z", "info"]);
  assert.deepEqual(none, []);
});

Deno.test("machined notes who asked it and why that one may, as a recorded node does", async () => {
  await using node = await startNode({});

  const { messages } = await node.call("Logs", {
    namespace: "system",
    id: "machined",
    tailLines: 1,
  });
  const { messages: [{ messages: [{ processes }] }] } = await node.call("Processes", {});

  const line = messages.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
  const apid = processes.find(({ command }: { command: string }) => command === "apid");
  // recordings: maint-logs, logs-machined-tail
  assert.equal(
    line.replace(/^\S+ \d\d:\d\d:\d\d\.\d{6} (machined) \S+ \d\d:\d\d:\d\d/, "$1")
      .replace(/ [\d.]+µs/, " 67.501µs"),
    "machined OK [/machine.MachineService/ServiceList] 67.501µs unary Success {authorized based on " +
      `PID (${apid?.pid}) match with service "apid" (allowed roles [os:admin os:etcd:backup ` +
      "os:image:verifier os:impersonator os:meta:writer os:operator os:reader]); authorized " +
      "([os:admin os:operator os:reader] includes [os:admin])} (:authority=localhost;" +
      "content-type=application/grpc+proxy>proto;grpc-accept-encoding=gzip,gzip;peer=@;" +
      "runtime=Talos;talos-role=os:admin;user-agent=grpc-go/1.83.0)\n",
  );
});

Deno.test("a followed log goes on as time passes and as somebody writes, until the client leaves", async () => {
  await using node = await startNode({});
  const followed = await node.follow(methods.logs, {
    namespace: "system",
    id: "apid",
    follow: true,
    tailLines: 1,
  });

  const past = await followed.next();
  node.clock.advance(5000);
  const grown = await followed.next();
  node.logs.append("apid", "written");
  const written = await followed.next();
  followed.cancel();

  const text = (message: { bytes: Uint8Array }) => new TextDecoder().decode(message.bytes);
  assert.match(text(past), /^2026\/11\/21 10:26:00\.000000 log\.go:118: OK .*\n$/);
  assert.match(text(grown), /^2026\/11\/21 10:26:05\.000000 log\.go:118: OK .*\n$/);
  assert.equal(text(written), "written\n");
  assert.equal(await followed.status, "CANCELLED");
});

Deno.test("a log that a reader does not keep up with forgets its oldest lines", async () => {
  await using node = await startNode({});

  for (let count = 0; count < 30; count++) {
    node.logs.append("big", `${count} ${"x".repeat(100_000)}`);
  }
  const { messages } = await node.call("Logs", { namespace: "system", id: "big", tailLines: -1 });

  const text = messages.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
  const first = Number(text.split(" ")[0]);
  assert.ok(text.length <= 1024 * 1024 && first > 0 && text.includes("29 xxx"), `from ${first}`);
});

Deno.test("only services that have run have logs", async () => {
  await using node = await startNode({ workers: 1, platform: "container" });
  const ids = async (address: string) => {
    const { messages } = await node.call("LogsContainers", {}, { metadata: { node: address } });
    return messages[0].messages[0].ids.sort().join(" ");
  };
  const status = async (request: unknown, address = "10.5.0.2") =>
    (await node.call("Logs", request, { metadata: { node: address } })).status;

  assert.equal(
    await ids("10.5.0.2"),
    "apid containerd controller-runtime cri dns-resolve-cache early-startup etcd kubelet machined trustd",
  );
  assert.equal(
    await status({ namespace: "system", id: "etcd" }, "10.5.0.3"),
    'UNKNOWN: log "etcd" was not registered',
  );
  assert.equal(await status({ id: "etcd" }), "INVALID_ARGUMENT: namespace can't be empty");
  assert.equal(
    await status({ namespace: "k8s.io", driver: "CRI", id: "kube-apiserver" }),
    'UNKNOWN: container "kube-apiserver" not found',
  );
});

Deno.test("a container's log is the file that its node keeps, and a sandbox has none", async () => {
  await using node = await startNode({});
  const { messages: [containers] } = await node.call("Containers", {
    namespace: "k8s.io",
    driver: "CRI",
  });
  const proxy = containers.messages[0].containers.find(({ name }: Record<string, string>) =>
    name === "kube-proxy"
  );
  const k8s = { namespace: "k8s.io", driver: "CRI" };

  const log = await node.call("Logs", { ...k8s, id: proxy.id, tailLines: -1 });
  const sandbox = await node.call("Logs", { ...k8s, id: proxy.podId, tailLines: -1 });
  const { messages: files } = await node.call("List", { root: "/var/log/containers" });
  const link = files.find(({ name }) => name.includes("kube-proxy"));
  const file = await node.call("Read", { path: link.name });

  const text = ({ messages }: { messages: { bytes: Uint8Array }[] }) =>
    messages.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
  assert.match(text(log), /^2026-11-21T10:25:4\d\.\d{9}Z stderr F I1121 10:25:4/);
  assert.equal(text(log), text(file));
  assert.equal(sandbox.status, "UNKNOWN: no log available");
});

Deno.test("the kernel's log comes record by record, and follows from where it is told to", async () => {
  await using node = await startNode({});

  const { messages, status } = await node.call("Dmesg");
  const onlyNew = await node.follow(methods.dmesg, { follow: true, tail: true });
  const next = onlyNew.next();
  // The node may see the call only after some of these; each is a round trip.
  const isThere = next.then(() => true);
  do node.clock.advance(15_000); while (
    !await Promise.race([isThere, node.call("Hostname").then(() => false)])
  );
  const text = new TextDecoder().decode((await next).bytes);
  onlyNew.cancel();

  const lines = messages.map(({ bytes }) => new TextDecoder().decode(bytes));
  assert.equal(status, "OK: ");
  assert.match(lines[0] ?? "", /^kern: {2}notice: \[2026-11-21T10:25:20Z\]: Linux version /);
  assert.ok(
    lines.every((line) =>
      /^(kern|user): {1,6}\w+: \[2026-11-21T10:25:\d\d(\.\d*[1-9])?Z\]: .*\n$/.test(line)
    ),
  );
  assert.match(text, /^user: warning: \[2026-11-21T10:2[6-9]:\d\dZ\]: \[talos\] /);
});

Deno.test("events begin with an empty one, then come the past that was asked for and what happens", async () => {
  await using node = await startNode({ platform: "container" });
  const actorId = "7b2f4b54-52ab-4f0a-9d62-2a7dd6a6d1a1";

  const all = await node.follow(methods.events, { tailEvents: -1 });
  const [hello, first] = [await all.next(), await all.next()];
  const live = await node.follow(methods.events, { withActorId: actorId });
  const helloOfActor = await live.next();
  node.publish("stopAllPods");
  node.publish("stopDBus", actorId);
  const happened = await live.next();
  all.cancel();
  live.cancel();

  assert.deepEqual([hello.data.typeUrl, hello.actorId], ["", ""]);
  assert.match(hello.id, /^[0-9a-v]{20}$/);
  assert.equal(first.data.typeUrl, "talos/runtime/machine.SequenceEvent");
  assert.deepEqual(codecs.SequenceEvent.decode(first.data.value), {
    sequence: "initialize",
    action: "START",
    error: undefined,
  });
  assert.equal(helloOfActor.actorId, actorId);
  assert.equal(happened.actorId, actorId);
  assert.equal(codecs.TaskEvent.decode(happened.data.value).task, "stopDBus");
});

Deno.test("a boot tells of its sequences as the recorded one does", async () => {
  await using node = await startNode({ platform: "container" });

  const stream = await node.follow(methods.events, { tailEvents: -1 });
  const told: string[] = [];
  for (await stream.next(); told.at(-1) !== "boot STOP";) {
    const { typeUrl, value } = (await stream.next()).data;
    if (typeUrl.endsWith("SequenceEvent")) {
      const { sequence, action } = codecs.SequenceEvent.decode(value);
      told.push(`${sequence} ${action}`);
    } else if (typeUrl.endsWith("PhaseEvent")) {
      const { phase, action } = codecs.PhaseEvent.decode(value);
      if (action === "START") told.push(phase);
    }
  }
  stream.cancel();

  // The recording's order of sequences and phases.
  assert.equal(
    told.join(", "),
    "initialize START, machined, config, initialize STOP, install START, install STOP, boot START, " +
      "memorySizeCheck, diskSizeCheck, env, dbus, sharedFilesystems, ephemeral, userSetup, " +
      "startEverything, boot STOP",
  );
});

Deno.test("events are chosen by number, id or age, by one of them at a time", async () => {
  await using node = await startNode({});
  const status = async (request: unknown) => (await node.call("Events", request)).status;
  const pick = async (request: unknown, count: number) => {
    const stream = await node.follow(methods.events, request);
    await stream.next();
    const ids: string[] = [];
    while (ids.length < count) ids.push((await stream.next()).id);
    stream.cancel();
    return ids;
  };
  node.clock.advance(60_000);
  node.publish("one");
  node.publish("two");

  const three = await pick({ tailEvents: 3 }, 3);
  const afterFirst = await pick({ tailId: three[0] }, 2);
  const young = await pick({ tailSeconds: 30 }, 2);

  assert.deepEqual(afterFirst, three.slice(1));
  assert.deepEqual(young, three.slice(1));
  assert.equal(
    await status({ tailId: "bogus" }),
    "UNKNOWN: error parsing tail_id: xid: invalid ID",
  );
  assert.equal(
    await status({ tailId: three[0], tailEvents: 1 }),
    "UNKNOWN: WithTailID can't be specified at the same time with WithTailEvents or WithTailDuration",
  );
  assert.equal(
    await status({ tailSeconds: 1, tailEvents: 1 }),
    "UNKNOWN: WithTailDuration can't be specified at the same time with WithTailEvents or WithTailID",
  );
});

Deno.test("a capture is a pcap file that grows with time", async () => {
  await using node = await startNode({});

  const capture = await node.follow(methods.packetCapture, { interface: "eth0", snapLen: 60 });
  const header: Uint8Array = (await capture.next()).bytes;
  const records: { at: string; captured: number; original: number; frame: Uint8Array }[] = [];
  const readRecord = async () => {
    const head: Uint8Array = (await capture.next()).bytes;
    const view = new DataView(head.buffer, head.byteOffset);
    const frame: Uint8Array = (await capture.next()).bytes;
    records.push({
      at: `${view.getUint32(0, true)}.${view.getUint32(4, true)}`,
      captured: view.getUint32(8, true),
      original: view.getUint32(12, true),
      frame,
    });
  };
  for (let count = 0; count < 6; count++) await readRecord();
  node.clock.advance(200);
  await readRecord();
  capture.cancel();
  const unknown = await node.call("PacketCapture", { interface: "x" });

  assert.equal(header.toHex(), "4d3cb2a102000400" + "0000000000000000" + "3c000000" + "01000000");
  const seconds = Date.parse("2026-11-21T10:26:00Z") / 1000;
  assert.deepEqual([records[1]?.at, records[6]?.at], [
    `${seconds}.3000000`,
    `${seconds}.200000000`,
  ]);
  assert.ok(records.every(({ captured, frame }) => captured === frame.length && captured <= 60));
  assert.ok(records.some(({ captured, original }) => captured < original));
  // IPv4 and ARP, as the frames say of themselves.
  const types = new Set(records.map(({ frame }) => frame.subarray(12, 14).toHex()));
  assert.deepEqual([...types].sort(), ["0800", "0806"]);
  assert.equal(unknown.status, 'NOT_FOUND: interface "x" not found');
});

Deno.test("a stream that waits ends by its deadline", async () => {
  await using node = await startNode({});

  const { status } = await node.call("Logs", {
    namespace: "system",
    id: "apid",
    follow: true,
  }, { metadata: { "grpc-timeout": "50m" } });

  assert.match(status, /^DEADLINE_EXCEEDED: /);
});

/** A sandbox whose first node is called and followed. */
async function startNode(options: SandboxOptions) {
  const sandbox = await startSandbox({ seed: 1, ...options });
  const client = sandboxClient(sandbox);
  const [node] = sandbox.nodes;
  if (node === undefined) throw new Error("no node");
  return {
    clock: sandbox.clock,
    logs: node.system.logs,
    publish: (task: string, actorId = "") =>
      node.events.publish(
        sandbox.clock.now(),
        { type: "TaskEvent", message: { task, action: "START" } },
        actorId,
      ),
    call: (
      method: string,
      request: unknown = {},
      more: { metadata?: Record<string, string> } = {},
    ) => client.call("machine.MachineService", method, { request, ...more }),
    follow: (method: MethodDefinition, request: unknown) => follow(client, method, request),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** A call that is read message by message. */
async function follow(
  client: ReturnType<typeof sandboxClient>,
  { name, requestType, responseType }: MethodDefinition,
  request: unknown,
) {
  const call = await client.open(`/machine.MachineService/${name}`);
  const { promise: status, resolve } = Promise.withResolvers<string>();
  // The status follows, and says the same.
  call.on("error", () => {});
  call.on("status", ({ code }: { code: number }) => resolve(code === 1 ? "CANCELLED" : `${code}`));
  call.write(requestType.encode(requestType.fromPartial(request ?? {})).finish());
  call.end();
  const messages = call[Symbol.asyncIterator]();
  return {
    status,
    cancel: () => call.cancel(),
    // deno-lint-ignore no-explicit-any -- whatever message the test has asked for
    async next(): Promise<any> {
      const { value, done } = await messages.next();
      if (done) throw new Error(`${name}: the stream has ended`);
      return responseType.decode(value);
    },
  };
}
