/** The sandbox's own gRPC server: back-pressure, cancelling, large messages. */

import assert from "node:assert/strict";
import type { Call } from "../../plugins/sandbox/call.ts";
import { apidCertificates, createClusterPki } from "../../plugins/sandbox/certificates.ts";
import { Listener } from "../../plugins/sandbox/listener.ts";
import { type Sandbox, startSandbox } from "../../plugins/sandbox/start.ts";
import { sandboxClient } from "../sandbox_client.ts";

const messageBytes = 64 * 1024;

Deno.test("a client that stops reading stops the node from sending", async () => {
  const produced = { messages: 0 };
  const { client, listener } = await listenWith(async function* (call) {
    if (call.path === "/test/Barrier") {
      yield new Uint8Array(1);
      return;
    }
    while (!call.signal.aborted) {
      produced.messages++;
      yield new Uint8Array(messageBytes);
    }
  });
  await using _client = client;
  await using _listener = listener;

  const call = await client.open("/test/Endless");
  call.on("error", () => {});
  call.once("data", () => call.pause());
  call.end();
  // Each barrier is a round trip on the same connection, in which a stream without brakes would run far ahead.
  for (let count = 0; count < 100; count++) await client.callBytes("/test/Barrier");

  assert.ok(produced.messages > 0);
  assert.ok(produced.messages * messageBytes < 16 * 1024 * 1024, `${produced.messages} messages`);
  call.cancel();
});

Deno.test("a call that the client cancels ends on the node, also while it waits", async () => {
  const ended = Promise.withResolvers<string>();
  const { client, listener } = await listenWith(async function* ({ signal }) {
    yield new Uint8Array(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    ended.resolve("ended");
  });
  await using _client = client;
  await using _listener = listener;

  const call = await client.open("/test/Quiet");
  call.on("error", () => {});
  call.once("data", () => call.cancel());
  call.end();

  assert.equal(await ended.promise, "ended");
});

Deno.test("requests of a client stream arrive one by one, whole, whatever their size", async () => {
  const { client, listener } = await listenWith(async function* ({ requests }) {
    for await (const request of requests) yield request;
  });
  await using _client = client;
  await using _listener = listener;
  const sizes = [0, 1, 5_000_000, 17];

  const call = await client.open("/test/Echo");
  const echoed: number[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  call.on("data", (bytes: Uint8Array) => echoed.push(bytes.length));
  call.on("status", ({ code }: { code: number }) => resolve(String(code)));
  for (const size of sizes) call.write(new Uint8Array(size));
  call.end();

  assert.equal(await promise, "0");
  assert.deepEqual(echoed, sizes);
});

Deno.test("a message above 32 MiB is refused, and texts of statuses survive any character", async () => {
  const { client, listener } = await listenWith(async function* ({ path, requests }) {
    if (path === "/test/Fail") throw new Error('100% broken: "ä"\n\tend');
    for await (const request of requests) yield request.subarray(0, 1);
  });
  await using _client = client;
  await using _listener = listener;

  const large = await client.callBytes("/test/Echo", { request: new Uint8Array(33_554_433) });
  const odd = await client.callBytes("/test/Fail");

  assert.equal(
    large.status,
    "RESOURCE_EXHAUSTED: grpc: received message larger than max (33554433 vs. 33554432)",
  );
  assert.equal(odd.status, 'INTERNAL: 100% broken: "ä"\n\tend');
});

/** A listener that serves what the test says, and a client with its credentials. */
async function listenWith(serve: (call: Call) => AsyncGenerator<Uint8Array>) {
  const sandbox: Sandbox = await startSandbox({ seed: 1 });
  const pki = createClusterPki();
  const names = { hostname: "test", addresses: ["127.0.0.1"] };
  const listener = new Listener({
    host: "127.0.0.1",
    port: 0,
    certificate: apidCertificates(() => pki.authority(), () => names),
    identify: () => [],
    serve,
  });
  await listener.open();
  const authority = await pki.authority();
  const client = sandboxClient(sandbox, { caPem: authority.certificatePem });
  const certificate = await pki.client(["os:admin"], 60_000);
  const options = { certificate, endpoint: listener.address, serverName: "test" };
  return {
    listener,
    client: {
      open: (path: string) => client.open(path, options),
      callBytes: (path: string, more: { request?: Uint8Array } = {}) =>
        client.callBytes(path, { ...options, ...more }),
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    },
  };
}
