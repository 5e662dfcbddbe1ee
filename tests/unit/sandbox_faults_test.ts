/** Every fault of the sandbox, seen from a client of the endpoint and through another node. */

import assert from "node:assert/strict";
import http2 from "node:http2";
import net from "node:net";
import tls from "node:tls";
import { keyPemForTls } from "../../core/pki/pem.ts";
import type { FaultKind } from "../../plugins/sandbox/fault_kinds.ts";
import type { FaultOptions } from "../../plugins/sandbox/faults.ts";
import { type Sandbox, startSandbox } from "../../plugins/sandbox/start.ts";
import { WatchRequest } from "../../proto/gen/v1alpha1/state.ts";
import { sandboxClient } from "../sandbox_client.ts";

const dial = "Error while dialing: dial tcp 10.5.0.3:50000: ";
const handshake = "authentication handshake failed: ";

Deno.test("a faulty node behind a live endpoint fails with the official text, and works again when healed", async () => {
  const sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await using client = sandboxClient(sandbox);
  const ask = async () => {
    const metadata = { node: "10.5.0.3" };
    return (await client.call("machine.MachineService", "Version", { metadata })).status;
  };
  const rows: [FaultKind, FaultOptions, string][] = [
    ["down", {}, `${dial}connect: connection refused`],
    ["no-route", {}, `${dial}connect: no route to host`],
    ["black-hole", { delayMs: 1 }, `${dial}i/o timeout`],
    ["close", {}, `${handshake}EOF`],
    ["plain-http", {}, `${handshake}tls: first record does not look like a TLS handshake`],
    [
      "wrong-certificate",
      {},
      `${handshake}tls: failed to verify certificate: x509: certificate signed by unknown authority ` +
      '(possibly because of \\"x509: Ed25519 verification failure\\" while trying to verify ' +
      'candidate authority certificate \\"talos\\")',
    ],
    [
      "misnamed-certificate",
      {},
      `${handshake}tls: failed to verify certificate: x509: certificate is valid for 192.0.2.1, not 10.5.0.3`,
    ],
    [
      "expired-certificate",
      {},
      `${handshake}tls: failed to verify certificate: x509: certificate has expired or is not yet ` +
      "valid: current time 2026-11-21T10:26:00Z is after 2026-11-21T09:26:00Z",
    ],
  ];

  for (const [kind, options, text] of rows) {
    await sandbox.fault("10.5.0.3", kind, options);
    assert.equal(await ask(), `UNAVAILABLE: connection error: desc = "transport: ${text}"`, kind);
  }
  await sandbox.fault("10.5.0.3", "unknown-name");
  assert.equal(await ask(), "UNAVAILABLE: name resolver error: produced zero addresses");
  await sandbox.fault("10.5.0.3", "slow", { delayMs: 1 });
  assert.equal(await ask(), "OK: ");
  await sandbox.heal("10.5.0.3");
  assert.equal(await ask(), "OK: ");
});

Deno.test("a node that resets in the middle of an answer breaks the call and not the endpoint", async () => {
  const sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  await using client = sandboxClient(sandbox);
  await sandbox.fault("10.5.0.3", "reset", { afterBytes: 2000 });

  const request = { namespace: "meta", type: "ResourceDefinitions.meta.cosi.dev" };
  const metadata = { node: "10.5.0.3" };
  const list = await client.call("cosi.resource.State", "List", { request, metadata });
  const version = await client.call("machine.MachineService", "Version");

  assert.match(list.status, /^UNAVAILABLE: error reading from server: read tcp /);
  assert.ok(list.messages.length > 0);
  assert.equal(version.status, "OK: ");
});

Deno.test("an address or a name where no node is can have a fault of its own", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  await sandbox.fault("10.5.0.99", "down");

  const metadata = { node: "10.5.0.99" };
  const { status } = await client.call("machine.MachineService", "Version", { metadata });

  assert.match(status, /dial tcp 10\.5\.0\.99:50000: connect: connection refused/);
});

Deno.test("an endpoint that is down refuses connections, and listens on its port again when healed", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  const [first = "", second = ""] = sandbox.endpoints;
  await sandbox.fault(first, "down");

  const whileDown = [await shake(sandbox, first), await shake(sandbox, second)];
  await sandbox.heal(first);
  const healed = await shake(sandbox, first);

  assert.deepEqual(whileDown, ["ECONNREFUSED", "h2"]);
  assert.equal(healed, "h2");
});

Deno.test("the faults of an endpoint look as they should from outside", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const [endpoint = ""] = sandbox.endpoints;
  const rows: [FaultKind, string | RegExp][] = [
    ["close", "ECONNRESET"],
    ["plain-http", /WRONG_VERSION|corrupt message|InvalidContentType/],
    ["garbage", /WRONG_VERSION|corrupt message|InvalidContentType/],
    ["wrong-certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["misnamed-certificate", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ];

  for (const [kind, expected] of rows) {
    await sandbox.fault(endpoint, kind);
    const seen = await shake(sandbox, endpoint);
    if (typeof expected === "string") assert.equal(seen, expected, kind);
    else assert.match(seen, expected, kind);
  }
});

Deno.test("an endpoint's certificate is out of date where the fault says so", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const [endpoint = ""] = sandbox.endpoints;
  const validity = async (): Promise<string> => {
    const [host = "", port = ""] = endpoint.split(":");
    const socket = tls.connect({ host, port: Number(port), rejectUnauthorized: false });
    await new Promise<void>((resolve) => socket.on("secureConnect", () => resolve()));
    const { valid_from, valid_to } = socket.getPeerCertificate();
    socket.destroy();
    if (Date.parse(valid_to) < Date.now()) return "expired";
    return Date.parse(valid_from) > Date.now() ? "not yet valid" : "valid";
  };

  const seen = [await validity()];
  for (const kind of ["expired-certificate", "not-yet-valid"] as const) {
    await sandbox.fault(endpoint, kind);
    seen.push(await validity());
  }

  assert.deepEqual(seen, ["valid", "expired", "not yet valid"]);
});

Deno.test("a black hole accepts connections and says nothing, until it is healed", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const [endpoint = ""] = sandbox.endpoints;
  await sandbox.fault(endpoint, "black-hole");

  const socket = connect(endpoint);
  const heard: unknown[] = [];
  socket.on("data", (bytes) => heard.push(bytes));
  // Cut by the next fault, which may be a reset.
  socket.on("error", () => {});
  const closed = Promise.withResolvers<void>();
  socket.on("close", () => closed.resolve());
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  await new Promise<void>((resolve) => socket.write("hello", () => resolve()));
  await sandbox.fault(endpoint, "close");
  await closed.promise;

  assert.deepEqual(heard, []);
});

Deno.test("a reset endpoint lets so many bytes through and then sends a real reset", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const [endpoint = ""] = sandbox.endpoints;
  await sandbox.fault(endpoint, "reset", { afterBytes: 0 });

  // No TLS: the first bytes back are an alert, which is one byte too many.
  const socket = connect(endpoint);
  const seen = Promise.withResolvers<string>();
  socket.on("error", (error: Error & { code?: string }) => seen.resolve(error.code ?? ""));
  socket.on("close", () => seen.resolve("closed"));
  socket.write("no TLS at all\r\n\r\n");

  assert.equal(await seen.promise, "ECONNRESET");
});

Deno.test("an endpoint that sends GOAWAY ends its connections and takes new ones", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const [endpoint = ""] = sandbox.endpoints;
  const watch = await client.open("/cosi.resource.State/Watch");
  const [armed, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  watch.on("data", () => armed.resolve());
  watch.on("error", () => ended.resolve());
  const target = { namespace: "cluster", type: "Members.cluster.talos.dev" };
  watch.write(WatchRequest.encode(WatchRequest.fromPartial(target)).finish());
  watch.end();
  await armed.promise;

  await sandbox.fault(endpoint, "goaway");
  await ended.promise;
  const { status } = await client.call("machine.MachineService", "Version");

  assert.equal(status, "OK: ");
});

Deno.test("GOAWAY is announced, and running calls get the time that was given", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  await using client = sandboxClient(sandbox);
  const [endpoint = ""] = sandbox.endpoints;
  const { certificatePem: ca } = await sandbox.pki.authority();
  const { certificatePem: cert, keyPem } = await sandbox.pki.client(["os:admin"], 60_000);
  const session = http2.connect(`https://${endpoint}`, { ca, cert, key: keyPemForTls(keyPem) });
  const stream = session.request({ ":method": "POST", ":path": "/cosi.resource.State/Watch" });
  const announced = Promise.withResolvers<number>();
  const answered = Promise.withResolvers<unknown>();
  session.on("goaway", announced.resolve);
  stream.on("response", (headers) => answered.resolve(headers["grpc-status"]));
  await new Promise<void>((resolve) => session.on("connect", () => resolve()));
  // An answer to a call means that the server knows the connection and its streams.
  await client.call("machine.MachineService", "Version");
  await new Promise<void>((resolve) => session.ping(() => resolve()));

  await sandbox.fault(endpoint, "goaway", { delayMs: 60_000 });
  const code = await announced.promise;
  stream.end();

  assert.equal(code, 0);
  // Without a request message there is nothing to watch: a status, and so an end in order.
  assert.equal(await answered.promise, "13");
  session.close();
});

function connect(endpoint: string): net.Socket {
  const [host = "", port = ""] = endpoint.split(":");
  return net.connect(Number(port), host);
}

/** What a client that trusts the cluster gets from a TLS handshake: the protocol, or the code or text of the error. */
async function shake(sandbox: Sandbox, endpoint: string): Promise<string> {
  const [host = "", port = ""] = endpoint.split(":");
  const { promise, resolve } = Promise.withResolvers<string>();
  const { certificatePem } = await sandbox.pki.authority();
  const socket = tls.connect({
    host,
    port: Number(port),
    ca: certificatePem,
    ALPNProtocols: ["h2"],
  });
  socket.on("secureConnect", () => resolve(String(socket.alpnProtocol)));
  socket.on("error", (error: Error & { code?: string }) => resolve(error.code ?? error.message));
  socket.on("close", () => resolve("closed"));
  const seen = await promise;
  socket.destroy();
  return seen;
}
