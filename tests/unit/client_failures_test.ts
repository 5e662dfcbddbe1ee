/** Every way a connection fails, and how it reads (spec/client.md, 3.6). */

import assert from "node:assert/strict";
import net from "node:net";
import { createAuthority } from "../../core/pki/authority.ts";
import { encodePem } from "../../core/pki/pem.ts";
import type { FaultKind } from "../../plugins/sandbox/fault_kinds.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { testClient, versionOf } from "../talos_client.ts";

const node = "10.5.0.2";
const unavailable = (text: string) =>
  `rpc error: code = Unavailable desc = connection error: desc = "${text}"`;
const handshake = "transport: authentication handshake failed: ";
const verify = `${handshake}tls: failed to verify certificate: x509: `;
const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;

/** Each fault of an endpoint, and the official text (spec/client.md, 3.6). */
const faults: [FaultKind, RegExp][] = [
  ["close", exactly(unavailable(`${handshake}EOF`))],
  [
    "plain-http",
    exactly(unavailable(`${handshake}tls: first record does not look like a TLS handshake`)),
  ],
  [
    "garbage",
    exactly(unavailable(`${handshake}tls: first record does not look like a TLS handshake`)),
  ],
  [
    "wrong-certificate",
    exactly(unavailable(
      `${verify}certificate signed by unknown authority (possibly because of \\"x509: Ed25519 verification failure\\" while trying to verify candidate authority certificate \\"talos\\")`,
    )),
  ],
  ["misnamed-certificate", new RegExp(`x509: certificate is valid for .*, not 127\\.0\\.0\\.1"$`)],
  [
    "expired-certificate",
    new RegExp(
      `x509: certificate has expired or is not yet valid: current time ${instant} is after ${instant}"$`,
    ),
  ],
  [
    "not-yet-valid",
    new RegExp(
      `x509: certificate has expired or is not yet valid: current time ${instant} is before ${instant}"$`,
    ),
  ],
];

for (const [kind, text] of faults) {
  Deno.test(`an endpoint with the fault ${kind} is refused with the official text`, async () => {
    await using sandbox = await startSandbox();
    await sandbox.fault(sandbox.endpoints[0] ?? "", kind);
    await using talos = testClient({ config: await sandbox.talosconfig() });

    assert.match(await versionOf(talos, node), text);
  });
}

Deno.test("a refusing endpoint is named with its address", async () => {
  const port = await freePort();
  await using talos = testClient({ endpoints: [`127.0.0.1:${port}`] });

  assert.equal(
    await versionOf(talos, node),
    unavailable(
      `transport: Error while dialing: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    ),
  );
});

Deno.test("a server whose authority has another subject is of an unknown authority", async () => {
  await using sandbox = await startSandbox();
  const stranger = await createAuthority({
    organization: "elsewhere",
    notBefore: new Date(Date.now() - 60_000),
    lifetimeMs: 3_600_000,
  });
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { ca: btoa(stranger.certificatePem) },
  });

  assert.equal(
    await versionOf(talos, node),
    unavailable(`${verify}certificate signed by unknown authority`),
  );
});

Deno.test("without the authority in the context a Talos node is of an unknown authority", async () => {
  await using sandbox = await startSandbox();
  await using talos = testClient({ config: await sandbox.talosconfig(), context: { ca: "" } });

  assert.equal(
    await versionOf(talos, node),
    unavailable(`${verify}certificate signed by unknown authority`),
  );
});

Deno.test("a server that is not the named one is refused before its chain is looked at", async () => {
  await using sandbox = await startSandbox();
  await sandbox.fault(sandbox.endpoints[0] ?? "", "wrong-certificate");
  const endpoint = (sandbox.endpoints[0] ?? "").replace("127.0.0.1", "localhost");
  await using talos = testClient({ config: await sandbox.talosconfig(), endpoints: [endpoint] });

  assert.match(await versionOf(talos, node), /x509: certificate is valid for .*, not localhost"$/);
});

Deno.test("a silent endpoint is given up after the connect timeout", async () => {
  await using sandbox = await startSandbox();
  await sandbox.fault(sandbox.endpoints[0] ?? "", "black-hole");
  await using talos = testClient({ config: await sandbox.talosconfig(), connectTimeoutMs: 50 });

  assert.equal(
    await versionOf(talos, node),
    unavailable(`${handshake}context deadline exceeded`),
  );
});

/** An alert that refuses the client's certificate, and Go's name for it. */
const alerts: [number, string][] = [
  [48, "unknown certificate authority"],
  [45, "expired certificate"],
  [42, "bad certificate"],
  [116, "certificate required"],
  [70, "protocol version not supported"],
];

for (const [number, name] of alerts) {
  Deno.test(`an alert ${number} in the handshake reads: ${name}`, async () => {
    await using server = await rawServer((socket) => {
      socket.once("data", () => socket.end(new Uint8Array([21, 3, 3, 0, 2, 2, number])));
    });
    await using talos = testClient({ endpoints: [server.address] });

    assert.equal(
      await versionOf(talos, node),
      unavailable(`${handshake}remote error: tls: ${name}`),
    );
  });
}

Deno.test("a client without a certificate is told that one is required", async () => {
  await using sandbox = await startSandbox();
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { crt: "", key: "" },
  });

  assert.equal(
    await versionOf(talos, node),
    unavailable("error reading server preface: remote error: tls: certificate required"),
  );
});

Deno.test("a client that is dropped after the handshake has read no preface", async () => {
  await using sandbox = await startSandbox();
  const stranger = await createAuthority({ notBefore: new Date(), lifetimeMs: 3_600_000 });
  const own = await stranger.issue({
    notBefore: new Date(),
    lifetimeMs: 3_600_000,
    usage: ["clientAuth"],
  });
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { crt: btoa(own.certificatePem), key: btoa(own.keyPem) },
  });

  assert.equal(await versionOf(talos, node), unavailable("error reading server preface: EOF"));
});

Deno.test("a name that does not exist has no addresses", async () => {
  await using talos = testClient({ endpoints: ["127.0.0.300"] });

  assert.equal(
    await versionOf(talos, node),
    "rpc error: code = Unavailable desc = name resolver error: produced zero addresses",
  );
});

Deno.test("several names that do not exist fail with the lookup of one of them", async () => {
  await using talos = testClient({ endpoints: ["127.0.0.300", "127.0.0.301"] });

  assert.match(
    await versionOf(talos, node),
    /^rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp: lookup 127\.0\.0\.30[01]: no such host"$/,
  );
});

Deno.test("a port that is a word is an unknown one", async () => {
  await using talos = testClient({ endpoints: ["127.0.0.2:abc"] });

  assert.equal(
    await versionOf(talos, node),
    unavailable("transport: Error while dialing: dial tcp: lookup tcp/abc: unknown port"),
  );
});

/** Credentials that cannot be used, and the text (spec/client.md, 3.8). */
const credentials: [string, { ca?: string; crt?: string; key?: string }, string][] = [
  [
    "ca that is no base64",
    { ca: "ab$d" },
    "failed to get CA: error decoding CA: illegal base64 data at input byte 2",
  ],
  [
    "ca without a certificate",
    { ca: btoa("nothing") },
    "failed to append CA certificate to RootCAs pool",
  ],
  [
    "crt that is no base64",
    { crt: "a", key: "aaaa" },
    "failed to acquire credentials: error decoding certificate: illegal base64 data at input byte 0",
  ],
  [
    "key that is no base64",
    { crt: "aaaa", key: "aaa" },
    "failed to acquire credentials: error decoding key: illegal base64 data at input byte 0",
  ],
  [
    "crt alone",
    { crt: btoa(encodePem("CERTIFICATE", new Uint8Array(3))) },
    "failed to acquire credentials: could not load client key pair: tls: failed to find any PEM data in key input",
  ],
];

for (const [name, context, text] of credentials) {
  Deno.test(`a context with a ${name} fails before anything is dialled`, async () => {
    await using talos = testClient({ endpoints: ["127.0.0.1:1"], context });

    assert.equal(
      await versionOf(talos, node),
      `error constructing client: failed to create client connection: ${text}`,
    );
  });
}

Deno.test("a key of another certificate fails before anything is dialled", async () => {
  const authority = await createAuthority({ notBefore: new Date(), lifetimeMs: 3_600_000 });
  const request = { notBefore: new Date(), lifetimeMs: 3_600_000, usage: ["clientAuth"] } as const;
  const [one, other] = [await authority.issue(request), await authority.issue(request)];
  await using talos = testClient({
    endpoints: ["127.0.0.1:1"],
    context: { crt: btoa(one.certificatePem), key: btoa(other.keyPem) },
  });

  assert.equal(
    await versionOf(talos, node),
    "error constructing client: failed to create client connection: failed to acquire credentials: " +
      "could not load client key pair: tls: private key does not match public key",
  );
});

function exactly(text: string): RegExp {
  return new RegExp(`^${RegExp.escape(text)}$`);
}

async function freePort(): Promise<number> {
  await using server = await rawServer(() => {});
  return Number(server.address.split(":")[1]);
}

async function rawServer(serve: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return {
    address: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
