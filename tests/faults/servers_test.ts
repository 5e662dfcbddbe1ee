/** Servers that are not what they should be: each is refused with its reason, and told nothing. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import type { FaultKind } from "../../plugins/sandbox/fault_kinds.ts";
import { openHome } from "./program.ts";
import { serveTls } from "./tls_server.ts";

const node = "10.5.0.2";
const handshake = "transport: authentication handshake failed: ";
const certificate = `${handshake}tls: failed to verify certificate: x509: `;
const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;

/** Each fault of an endpoint, and the reason given (spec/client.md, 3.6). */
const faults: [FaultKind, RegExp][] = [
  [
    "wrong-certificate",
    literally(
      `${certificate}certificate signed by unknown authority (possibly because of \\"x509: Ed25519 ` +
        `verification failure\\" while trying to verify candidate authority certificate \\"talos\\")`,
    ),
  ],
  [
    "misnamed-certificate",
    literally(`${certificate}certificate is valid for 192.0.2.1, not 127.0.0.1`),
  ],
  [
    "expired-certificate",
    new RegExp(`certificate has expired or is not yet valid: current time ${instant} is after `),
  ],
  [
    "not-yet-valid",
    new RegExp(`certificate has expired or is not yet valid: current time ${instant} is before `),
  ],
  ["garbage", literally(`${handshake}tls: first record does not look like a TLS handshake`)],
  ["plain-http", literally(`${handshake}tls: first record does not look like a TLS handshake`)],
  ["close", literally(`${handshake}EOF`)],
  ["down", /dial tcp 127\.0\.0\.1:\d+: connect: connection refused/],
];

for (const [kind, reason] of faults) {
  Deno.test(`an endpoint that is ${kind} is refused with its reason`, async () => {
    await using sandbox = await startSandbox();
    await using home = await openHome(sandbox);
    await sandbox.fault(sandbox.endpoints[0] ?? "", kind);

    const { code, stderr } = await home.run(["service", "-n", node]);

    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error from node 10\.5\.0\.2: rpc error: code = Unavailable desc = .+\n$/,
    );
    assert.match(stderr, reason);
    assert.equal(sandbox.calls.length, 0);
  });
}

Deno.test("a server that knows TLS 1.2 only is spoken to, as the official client does", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const versions: (string | null)[] = [];
  await using server = await serveTls(sandbox, { maxVersion: "TLSv1.2" }, (socket) => {
    versions.push(socket.getProtocol());
    socket.end();
  });

  const { code, stderr } = await home.run(["service", "-n", node, "-e", server.address]);

  assert.equal(code, 1);
  assert.match(
    stderr,
    /code = Unavailable desc = connection error: desc = "error reading server pref/,
  );
  assert.deepEqual(new Set(versions), new Set(["TLSv1.2"]));
});

Deno.test("a server that knows TLS 1.1 only is refused", async () => {
  await using sandbox = await startSandbox();
  await using home = await openHome(sandbox);
  const versions: (string | null)[] = [];
  await using server = await serveTls(
    sandbox,
    { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" },
    (socket) => versions.push(socket.getProtocol()),
  );

  const { code, stderr } = await home.run(["service", "-n", node, "-e", server.address]);

  assert.equal(code, 1);
  assert.match(
    stderr,
    /code = Unavailable desc = connection error: desc = "transport: authenticat/,
  );
  assert.deepEqual(versions, []);
});

function literally(text: string): RegExp {
  return new RegExp(RegExp.escape(text));
}
