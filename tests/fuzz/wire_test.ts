/** Garbage on the wire, behind a good handshake: each call fails with a status, none hangs. */

import assert from "node:assert/strict";
import { VersionResponse } from "../../proto/gen/machine/machine.ts";
import { startSandbox } from "../../mod.ts";
import { serveHttp2, serveTls } from "../faults/tls_server.ts";
import { testClient, versionOf } from "../talos_client.ts";
import { choose, type Random, randomNumbers } from "./random.ts";

/** Long enough for a slow machine, short of the connect timeout. */
const deadlineMs = 15_000;

Deno.test("random HTTP/2 frames end a call with a status", async () => {
  await using sandbox = await startSandbox();
  let seed = 0;
  await using server = await serveTls(sandbox, {}, (socket) => {
    const random = randomNumbers(seed);
    if (random(4) > 0) socket.write(settingsFrame);
    for (let count = random(8); count > 0; count--) socket.write(randomFrame(random));
    if (random(2) === 0) socket.end();
    else setTimeout(() => socket.end(), 10);
  });
  const config = await sandbox.talosconfig();

  for (seed = 1; seed <= 120; seed++) {
    await using talos = testClient({
      config,
      endpoints: [server.address],
      connectTimeoutMs: 1_000,
    });
    assert.match(await outcome(talos, seed), /^rpc error: code = \w+ desc = /, `seed ${seed}`);
  }
});

Deno.test("mutated gRPC answers are decoded, or end the call with a status", async () => {
  await using sandbox = await startSandbox();
  const good = VersionResponse.encode(VersionResponse.fromPartial({
    messages: [{ version: { tag: "v1.14.0", arch: "amd64" }, features: { rbac: true } }],
  })).finish();
  let seed = 0;
  await using server = await serveHttp2(sandbox, (stream) => {
    const random = randomNumbers(seed);
    const status = choose(random, [200, 200, 200, 404, 503]);
    const type = choose(random, ["application/grpc", "application/grpc", "text/html"]);
    stream.respond({ ":status": status, "content-type": type }, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      const trailer = choose(random, ["0", "0", "0", "13", "99", "x", ""]);
      stream.sendTrailers({ "grpc-status": trailer, "grpc-message": "%zz%0a\u00ff" });
    });
    stream.end(mutatedMessage(good, random));
  });
  const config = await sandbox.talosconfig();

  for (seed = 1; seed <= 200; seed++) {
    await using talos = testClient({
      config,
      endpoints: [server.address],
      connectTimeoutMs: 1_000,
    });
    assert.match(await outcome(talos, seed), /^ok$|^rpc error: code = \w+ desc = /, `seed ${seed}`);
  }
});

/** What became of a call within the deadline. */
async function outcome(talos: Parameters<typeof versionOf>[0], seed: number): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`seed ${seed} hangs`)), deadlineMs);
  try {
    return await Promise.race([versionOf(talos, "10.5.0.2"), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An empty SETTINGS frame: the preface of a server. */
const settingsFrame = new Uint8Array([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** A frame of a random type with random flags, stream and content; at times of a wrong length. */
function randomFrame(random: Random): Uint8Array {
  const payload = Uint8Array.from({ length: random(40) }, () => random(256));
  const length = random(5) === 0 ? random(70_000) : payload.length;
  return new Uint8Array([
    ...[length >> 16, (length >> 8) & 0xff, length & 0xff, random(12), random(256)],
    ...[0, 0, 0, random(4)],
    ...payload,
  ]);
}

/** A message in its gRPC frame, with up to three bytes changed and at times an end too early. */
function mutatedMessage(message: Uint8Array, random: Random): Uint8Array {
  const framed = new Uint8Array([0, 0, 0, 0, message.length, ...message]);
  for (let count = random(4); count > 0; count--) framed[random(framed.length)] = random(256);
  return random(4) === 0 ? framed.subarray(0, random(framed.length)) : framed;
}
