/** Connections that break while an answer is on its way: moved where that is safe, else one clear error. */

import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { openHome, type Running, until } from "./program.ts";
import { serveHttp2, serveTls } from "./tls_server.ts";

const node = "10.5.0.2";
const slowNode = "10.5.0.4";
const lost = "rpc error: code = Unavailable desc = error reading from server: EOF\n";

for (const afterBytes of [3_000, 6_000, 20_000, 100_000]) {
  Deno.test(`a connection that is reset after ${afterBytes} bytes ends in one clear error`, async () => {
    await using sandbox = await startSandbox();
    putLargeHostname(sandbox);
    await using home = await openHome(sandbox);
    await sandbox.fault(sandbox.endpoints[0] ?? "", "reset", { afterBytes });

    const { code, stdout, stderr } = await home.run(["get", "hostname", "-n", node, "-o", "yaml"]);

    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.ok(stderr.endsWith(lost) && stderr.split("\n").length === 2, stderr);
  });
}

Deno.test("an endpoint that goes away lets a running call finish", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1 });
  await sandbox.fault(slowNode, "slow", { delayMs: 300 });
  await using home = await openHome(sandbox);
  const running = home.start(["service", "kubelet", "-n", slowNode]);
  const endpoint = await endpointAsked(sandbox, running);

  await sandbox.fault(endpoint, "goaway", { delayMs: 30_000 });
  const { code, stderr } = await running.ended;

  assert.deepEqual({ code, stderr, calls: sandbox.calls.length }, {
    code: 0,
    stderr: "",
    calls: 1,
  });
});

Deno.test("a read whose endpoint dies before the answer moves to the next one", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1 });
  await sandbox.fault(slowNode, "slow", { delayMs: 5000 });
  await using home = await openHome(sandbox);
  const running = home.start(["service", "kubelet", "-n", slowNode]);
  const endpoint = await endpointAsked(sandbox, running);

  await sandbox.heal(slowNode);
  await sandbox.fault(endpoint, "down");
  const { code, stderr } = await running.ended;

  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.deepEqual(
    sandbox.calls.map((call) => call.endpoint),
    [endpoint, sandbox.endpoints.find((other) => other !== endpoint)],
  );
});

Deno.test("a write whose endpoint dies before the answer is not repeated", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, workers: 1 });
  await sandbox.fault(slowNode, "slow", { delayMs: 5000 });
  await using home = await openHome(sandbox);
  const running = home.start(["service", "kubelet", "restart", "-n", slowNode]);
  const endpoint = await endpointAsked(sandbox, running);

  await sandbox.fault(endpoint, "down");
  const { code, stderr } = await running.ended;

  assert.deepEqual({ code, stderr, calls: sandbox.calls.length }, {
    code: 1,
    stderr: `error from node ${slowNode}: ${lost}`,
    calls: 1,
  });
});

Deno.test("a server that sends no HTTP/2 after the handshake is refused", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  await using server = await serveTls(sandbox, {}, (socket) => {
    socket.write("HTTP/1.1 400 Bad Request\r\n\r\n\x00\xff\x00\xff");
  });

  const { code, stderr } = await home.run(["service", "-n", node, "-e", server.address]);

  assert.equal(code, 1);
  assert.match(stderr, /^error from node 10\.5\.0\.2: rpc error: code = Unavailable desc = .+\n$/);
});

/** What a server answers with status 200, and what is said of it. */
const answers: [name: string, body: Uint8Array, status: string, error: RegExp][] = [
  ["a length beyond 32 MiB", new Uint8Array([0, 0x7f, 0xff, 0xff, 0xff]), "0", /ResourceExhausted/],
  [
    "compressed bytes that were not asked for",
    new Uint8Array([1, 0, 0, 0, 1, 7]),
    "0",
    /Internal desc = grpc: failed to decompress/,
  ],
  [
    "no protobuf",
    new Uint8Array([0, 0, 0, 0, 3, 0xff, 0xff, 0xff]),
    "0",
    /Internal desc = grpc: fai/,
  ],
  ["half a message", new Uint8Array([0, 0, 0, 0, 9, 10]), "0", /Internal|Unavailable/],
  ["no message", new Uint8Array(), "0", /Internal desc = cardinality violation/],
  ["a status that is no number", new Uint8Array(), "what", /Unknown|Internal/],
];

for (const [name, body, status, error] of answers) {
  Deno.test(`an answer with ${name} ends in one clear error`, async () => {
    await using sandbox = await startSandbox();
    await using home = await openHome(sandbox);
    await using server = await serveHttp2(sandbox, (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, {
        waitForTrailers: true,
      });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
      stream.end(body);
    });

    const { code, stderr } = await home.run(["service", "-n", node, "-e", server.address]);

    assert.equal(code, 1);
    assert.match(stderr, /^error from node 10\.5\.0\.2: rpc error: code = .+\n$/);
    assert.match(stderr, error);
  });
}

Deno.test("a header that is no text is passed over in silence", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  await using server = await serveHttp2(sandbox, (stream) => {
    stream.respond({
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": "5",
      "x-title": "\u009b31m\u00ff",
    }, { endStream: true });
  });

  const { code, stderr } = await home.run(["service", "-n", node, "-e", server.address]);

  assert.equal(code, 1);
  assert.equal(stderr, `error from node ${node}: rpc error: code = NotFound desc = \n`);
});

/** The endpoint that has been asked: the call is on its way. */
async function endpointAsked(sandbox: Sandbox, running: Running): Promise<string> {
  await until(() => sandbox.calls.length > 0, running.ended);
  return sandbox.calls[0]?.endpoint ?? "";
}

function putLargeHostname(sandbox: Sandbox): void {
  sandbox.nodes[0]?.resources.put({
    namespace: "network",
    type: "HostnameStatuses.net.talos.dev",
    id: "hostname",
    yamlSpec: `hostname: ${"x".repeat(200_000)}\n`,
    protoSpec: new Uint8Array(),
  });
}
