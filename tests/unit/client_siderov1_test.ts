/** SideroV1: signatures that verify, and the renewal of a key. */

import assert from "node:assert/strict";
import * as openpgp from "openpgp";
import { signingSender } from "../../core/client/siderov1.ts";
import { createKey, type KeyFile, loadKey } from "../../core/client/siderov1_keys.ts";
import { signCall } from "../../core/client/siderov1_sign.ts";
import type { TransportCall } from "../../core/client/transport.ts";
import { RpcError } from "../../core/errors.ts";
import {
  AwaitPublicKeyConfirmationRequest,
  RegisterPublicKeyRequest,
  RegisterPublicKeyResponse,
} from "../../proto/gen/auth/auth.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { testClient, versionOf } from "../talos_client.ts";

const identity = "user@example.org";

Deno.test("a signature covers the payload, and holds for the user's public key", async () => {
  const key = await createKey(identity);

  const headers = await signCall(
    { identity, key },
    "/machine.MachineService/Version",
    { runtime: "Talos", node: "10.5.0.2", context: "talos-default" },
    new Date(1_700_000_000_999),
  );

  const payload = headers["x-sidero-payload"] ?? "";
  assert.equal(headers["x-sidero-timestamp"], "1700000000");
  assert.equal(
    payload,
    `{"headers":{"authorization":null,"cluster":null,"context":["talos-default"],"fieldSelectors":null,` +
      `"namespace":null,"nodes":null,"runtime":["Talos"],"selectors":null,"uid":null,` +
      `"x-sidero-timestamp":["1700000000"]},"method":"/machine.MachineService/Version"}`,
  );
  const [scheme, name, fingerprint, signature = ""] = headers["x-sidero-signature"]?.split(" ") ??
    [];
  assert.deepEqual([scheme, name, fingerprint], ["siderov1", identity, key.getFingerprint()]);
  assert.equal(await isSignedBy(key, payload, signature), true);
  assert.equal(await isSignedBy(key, payload + " ", signature), false);
});

Deno.test("a user without a key registers a new one, confirms it, and the call is made", async () => {
  await using place = await keysPlace();
  const server = authServer();

  const messages = await place.call(server.send);

  assert.deepEqual(messages, [new Uint8Array([1])]);
  const [signer] = [await loadKey(place.file)];
  const fingerprint = signer.key.getFingerprint();
  const path = `${place.directory}/prod-${identity}.pgp`;
  assert.deepEqual(server.seen, [
    "/auth.AuthService/RegisterPublicKey unsigned " + identity,
    "/auth.AuthService/AwaitPublicKeyConfirmation unsigned " + fingerprint,
    "/machine.MachineService/Version signed",
  ]);
  assert.deepEqual(place.notes, [
    `Could not authenticate: open ${path}: no such file or directory`,
    "Please visit this page to authenticate: https://omni.example/login",
    `Public key ${fingerprint} is now registered for user ${identity}`,
    `PGP key saved to ${path}`,
  ]);
  assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("a key that the server refuses is replaced once", async () => {
  await using place = await keysPlace();
  await place.call(authServer().send);
  const old = (await loadKey(place.file)).key.getFingerprint();
  const server = authServer({ refusals: 1 });

  const messages = await place.call(server.send);

  assert.equal(messages.length, 1);
  assert.notEqual((await loadKey(place.file)).key.getFingerprint(), old);
  assert.deepEqual(server.seen.map((line) => line.split(" ")[0]), [
    "/machine.MachineService/Version",
    "/auth.AuthService/RegisterPublicKey",
    "/auth.AuthService/AwaitPublicKeyConfirmation",
    "/machine.MachineService/Version",
  ]);
});

Deno.test("a server that refuses new keys too has the last word", async () => {
  await using place = await keysPlace();

  await assert.rejects(place.call(authServer({ refusals: 9 }).send), {
    message: "rpc error: code = Unauthenticated desc = invalid signature",
  });
});

Deno.test("a service account signs by its own name and is never renewed", async () => {
  await using place = await keysPlace();
  const account = { name: "robot", pgp_key: (await createKey("robot@example.org")).armor() };
  place.env["OMNI_SERVICE_ACCOUNT_KEY"] = btoa(JSON.stringify(account));
  const server = authServer({ refusals: 1 });

  await assert.rejects(place.call(server.send), { code: "Unauthenticated" });

  assert.deepEqual(server.seen, ["/machine.MachineService/Version signed"]);
  assert.match(server.signature, /^siderov1 robot [0-9a-f]{40} /);
});

Deno.test("a service account that cannot be read is named by its variable", async () => {
  await using place = await keysPlace();
  place.env["SIDERO_SERVICE_ACCOUNT_KEY"] = btoa("{}");

  await assert.rejects(
    place.call(authServer().send),
    /^CliError: failed to decode service account key from env var "SIDERO_SERVICE_ACCOUNT_KEY": /,
  );
});

Deno.test("the keys directory of the environment beats that of the flag", async () => {
  await using place = await keysPlace();
  place.env["SIDEROV1_KEYS_DIR"] = `${place.directory}/from-env`;

  await place.call(authServer().send);

  assert.equal((await Deno.stat(`${place.directory}/from-env/prod-${identity}.pgp`)).isFile, true);
});

Deno.test("a plain Talos endpoint tells both what is missing and what it does not know", async () => {
  await using sandbox = await startSandbox();
  await using place = await keysPlace();
  await using talos = testClient({
    config: await sandbox.talosconfig(),
    context: { auth: { siderov1: { identity } } },
    siderov1KeysDir: place.directory,
  });
  const name = (await sandbox.talosconfig()).context;

  assert.equal(
    await versionOf(talos, "10.5.0.2"),
    `open ${place.directory}/${name}-${identity}.pgp: no such file or directory\n` +
      "rpc error: code = Unimplemented desc = unknown service auth.AuthService",
  );
});

async function isSignedBy(
  key: openpgp.PrivateKey,
  payload: string,
  signature: string,
): Promise<boolean> {
  const { signatures } = await openpgp.verify({
    message: await openpgp.createMessage({ binary: new TextEncoder().encode(payload) }),
    signature: await openpgp.readSignature({ binarySignature: Uint8Array.fromBase64(signature) }),
    verificationKeys: key.toPublic(),
    date: new Date(Date.now() + 1_000),
  });
  return await signatures[0]?.verified.then(() => true, () => false) ?? false;
}

/** A user's key directory, and calls made from it. */
async function keysPlace() {
  const directory = await Deno.makeTempDir();
  const env: Record<string, string> = { BROWSER: "echo", HOME: directory };
  const notes: string[] = [];
  const file: KeyFile = {
    contextName: "prod",
    identity,
    keysDir: directory,
    env: (name) => env[name],
  };
  return {
    directory,
    env,
    notes,
    file,
    async call(send: (call: TransportCall) => AsyncIterable<readonly Uint8Array[]>) {
      const { signal } = new AbortController();
      const sender = await signingSender({
        file,
        send,
        note: (line) => void notes.push(line),
        signal,
      });
      const answers = await Array.fromAsync(sender({
        path: "/machine.MachineService/Version",
        requests: [new Uint8Array()],
        metadata: { runtime: "Talos" },
        signal,
      }));
      return answers.flat();
    },
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/** The far end of an authenticating proxy: what came in, and `refusals` signed calls turned away. */
function authServer({ refusals = 0 } = {}) {
  const seen: string[] = [];
  const server = { seen, send, signature: "" };
  let refusalsLeft = refusals;

  async function* send(
    { path, requests, metadata }: TransportCall,
  ): AsyncGenerator<readonly Uint8Array[]> {
    const [request = new Uint8Array()] = await Array.fromAsync(requests);
    const signature = metadata["x-sidero-signature"];
    if (signature !== undefined) server.signature = signature;
    const line = `${path} ${signature === undefined ? "unsigned" : "signed"}`;
    if (path === "/auth.AuthService/RegisterPublicKey") {
      seen.push(`${line} ${RegisterPublicKeyRequest.decode(request).identity?.email}`);
      yield [RegisterPublicKeyResponse.encode({ loginUrl: "https://omni.example/login" }).finish()];
    } else if (path === "/auth.AuthService/AwaitPublicKeyConfirmation") {
      seen.push(`${line} ${AwaitPublicKeyConfirmationRequest.decode(request).publicKeyId}`);
      yield [new Uint8Array()];
    } else {
      seen.push(line);
      if (refusalsLeft-- > 0) throw new RpcError("Unauthenticated", "invalid signature");
      yield [new Uint8Array([1])];
    }
  }
  return server;
}
