/** Streams: back-pressure, leaving early, cancelling, limits. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import net from "node:net";
import type { RpcError } from "../../core/errors.ts";
import { Data } from "../../proto/gen/common/common.ts";
import { type EndpointCall, startEndpoint } from "../grpc_endpoint.ts";
import { testClient } from "../talos_client.ts";

const node = "10.5.0.2";
const chunkBytes = 64 * 1024;

Deno.test("a reader that stops lets no more than a window through, and then gets every message", async () => {
  const chunks = 1024;
  await using endpoint = await startEndpoint({ Dmesg: (call) => sendChunks(call, chunks) });
  await using relay = await countingRelay(endpoint.address);
  await using talos = testClient({ context: endpoint.context, endpoints: [relay.address] });
  const machine = await talos.node(node).service("machine.MachineService");

  let taken = 0;
  for await (const { bytes } of machine.dmesg({})) {
    if (taken === 0) {
      await relay.quiet();
      // The flow control window is 4 MiB; what sockets hold comes on top.
      assert.ok(relay.bytes() < 16 * 1024 * 1024, `${relay.bytes()} bytes came ahead`);
    }
    assert.equal(bytes.length, chunkBytes);
    taken++;
  }

  assert.equal(taken, chunks);
});

Deno.test("leaving the loop of a stream cancels the call on the server", async () => {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  await using endpoint = await startEndpoint({
    Dmesg: (call) => {
      call.on("cancelled", () => resolve());
      call.write(dataMessage(1));
    },
  });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  for await (const _message of machine.dmesg({ follow: true })) break;

  await cancelled;
});

Deno.test("leaving the loop of a fan-out cancels the calls on all nodes", async () => {
  let open = 0;
  const { promise: allCancelled, resolve } = Promise.withResolvers<void>();
  await using endpoint = await startEndpoint({
    Dmesg: (call) => {
      open++;
      call.on("cancelled", () => --open === 0 && resolve());
      call.write(dataMessage(1));
    },
  });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.nodes(["a", "b", "c"]).service("machine.MachineService");

  const seen = new Set<string>();
  for await (const { node } of machine.dmesg({ follow: true })) {
    seen.add(node);
    if (seen.size === 3) break;
  }

  await allCancelled;
});

Deno.test("aborting the caller's signal ends a stream with context canceled", async () => {
  await using endpoint = await startEndpoint({ Dmesg: (call) => call.write(dataMessage(1)) });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");
  const controller = new AbortController();

  await assert.rejects(async () => {
    for await (const _message of machine.dmesg({}, { signal: controller.signal })) {
      controller.abort();
    }
  }, { message: "rpc error: code = Canceled desc = context canceled" });
});

Deno.test("a call without an answer in time has exceeded its deadline", async () => {
  await using endpoint = await startEndpoint({ Version: () => {} });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  await assert.rejects(machine.version({}, { timeoutMs: 100 }), {
    message: "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
  });
});

Deno.test("a cancellation that only the server wanted counts as unavailable", async () => {
  await using endpoint = await startEndpoint({
    Reboot: (call) => call.emit("error", { code: 1, details: "Call cancelled" }),
  });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  await assert.rejects(machine.reboot({}), { code: "Unavailable" });
});

Deno.test("a message beyond the limit is refused with both sizes", async () => {
  await using endpoint = await startEndpoint({
    Dmesg: (call) => {
      call.write(Buffer.alloc(33_554_433));
      call.end();
    },
  });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  await assert.rejects(Array.fromAsync(machine.dmesg({})), {
    message: "rpc error: code = ResourceExhausted desc = grpc: received message larger than max " +
      "(33554433 vs. 33554432)",
  });
});

Deno.test("a read whose connection breaks unanswered is made again on another endpoint", async () => {
  const asked: string[] = [];
  await using pair = await breakingPair(asked);
  await using talos = testClient({ context: pair.context });
  const machine = await talos.node(node).service("machine.MachineService");

  await machine.version({});

  assert.deepEqual(asked.length, 2);
  assert.equal(new Set(asked).size, 2);
});

Deno.test("a write whose connection breaks is not made again", async () => {
  const asked: string[] = [];
  await using pair = await breakingPair(asked);
  await using talos = testClient({ context: pair.context });
  const machine = await talos.node(node).service("machine.MachineService");

  await assert.rejects(machine.reboot({}), (error: RpcError) => error.code === "Unavailable");

  assert.equal(asked.length, 1);
});

Deno.test("requests of a client stream arrive in order, and their end too", async () => {
  const received: number[] = [];
  await using endpoint = await startEndpoint({
    EtcdRecover: (call) => {
      call.on("data", (bytes) => received.push(Data.decode(bytes).bytes.length));
      call.on("end", () => {
        call.write(Buffer.alloc(0));
        call.end();
      });
    },
  });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  await machine.etcdRecover(async function* () {
    for (const length of [3, 1, 2]) yield { bytes: new Uint8Array(length) };
  }());

  assert.deepEqual(received, [3, 1, 2]);
});

Deno.test("a client stream whose source fails fails with the source's error", async () => {
  await using endpoint = await startEndpoint({ EtcdRecover: () => {} });
  await using talos = testClient({ context: endpoint.context });
  const machine = await talos.node(node).service("machine.MachineService");

  const upload = machine.etcdRecover(async function* () {
    yield { bytes: new Uint8Array(1) };
    throw new Error("the disk is on fire");
  }());

  await assert.rejects(upload, { message: "the disk is on fire" });
});

function dataMessage(sizeBytes: number): Buffer {
  return Buffer.from(Data.encode(Data.fromPartial({ bytes: new Uint8Array(sizeBytes) })).finish());
}

function sendChunks(call: EndpointCall, chunks: number): void {
  const message = dataMessage(chunkBytes);
  for (let sent = 0; sent < chunks; sent++) call.write(message);
  call.end();
}

/** Passes bytes on as they are taken, and counts those towards the client. */
async function countingRelay(target: string) {
  let bytes = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.split(":")[1]), "127.0.0.1");
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    upstream.on("data", (chunk) => bytes += chunk.length);
    upstream.pipe(client);
    client.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return {
    address: `127.0.0.1:${address.port}`,
    bytes: () => bytes,
    /** Until nothing has come for many turns of the loop: no event tells that a sender waits. */
    async quiet() {
      for (let turns = 0, before = -1; turns < 100;) {
        turns = before === bytes ? turns + 1 : 0;
        before = bytes;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** Two endpoints of one cluster: whichever is asked first drops its connections instead of answering. */
async function breakingPair(asked: string[]) {
  const answer = (name: string, end: () => void) => (call: EndpointCall) => {
    call.resume();
    asked.push(name);
    if (asked.length === 1) return end();
    call.write(Buffer.alloc(0));
    call.end();
  };
  const methods = (name: string, end: () => void) => ({
    Version: answer(name, end),
    Reboot: answer(name, end),
  });
  const one = await startEndpoint(methods("one", () => one.server.forceShutdown()));
  const other = await startEndpoint(methods("other", () => other.server.forceShutdown()));
  return {
    context: {
      ca: btoa(atob(one.context.ca ?? "") + atob(other.context.ca ?? "")),
      endpoints: [one.address, other.address],
    },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}
