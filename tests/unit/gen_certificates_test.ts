/** `gen ca`, `key`, `csr`, `crt` and `keypair`: files that another implementation, openssl, takes. */

import assert from "node:assert/strict";
import { commandFolder, hasOpenssl } from "../command_folder.ts";
import { runProgram } from "../talosctl.ts";

const ignore = !hasOpenssl();

Deno.test("gen crt certifies roles and IP of a request, and openssl verifies it", {
  ignore,
}, async () => {
  await using folder = await commandFolder();

  const made = await folder.run(
    "talosctl gen ca --organization acme && talosctl gen key --name adm && " +
      "talosctl gen csr --key adm.key --ip 10.0.0.1 --roles os:reader,os:admin && " +
      "talosctl gen crt --ca acme --csr adm.csr --name adm --hours 48",
  );
  const { stdout } = await folder.run(
    "openssl verify -CAfile acme.crt adm.crt && openssl req -in adm.csr -noout -verify 2>&1 && " +
      "openssl x509 -in adm.crt -noout -subject -issuer -ext subjectAltName,keyUsage,extendedKeyUsage && " +
      "openssl x509 -in adm.crt -noout -checkend $((47 * 3600)) && " +
      "! openssl x509 -in adm.crt -noout -checkend $((49 * 3600))",
  );

  assert.deepEqual(made, { code: 0, stdout: "", stderr: "" });
  assert.equal(
    stdout,
    `\
adm.crt: OK
Certificate request self-signature verify OK
subject=O = os:admin + O = os:reader
issuer=O = acme
X509v3 Key Usage: critical
    Digital Signature
X509v3 Extended Key Usage: 
    TLS Web Client Authentication
X509v3 Subject Alternative Name: 
    IP Address:10.0.0.1
Certificate will not expire
Certificate will expire
`,
  );
});

Deno.test("gen ca writes the fingerprint of its key, and files that only their owner reads", {
  ignore,
}, async () => {
  await using folder = await commandFolder();

  await folder.run("umask 0; talosctl gen ca --organization acme");
  const { stdout } = await folder.run(
    "openssl x509 -in acme.crt -pubkey -noout | openssl pkey -pubin -outform der | " +
      "openssl dgst -sha256 -r | cut -d' ' -f1",
  );

  assert.equal(folder.read("acme.sha256"), `sha256:${stdout.trim()}`);
  assert.match(folder.read("acme.key"), /^-----BEGIN ED25519 PRIVATE KEY-----\n/);
  assert.deepEqual(folder.names(), ["acme.crt", "acme.key", "acme.sha256"]);
  for (const name of folder.names()) {
    assert.equal((Deno.statSync(`${folder.path}/${name}`).mode ?? 0) & 0o777, 0o600, name);
  }
});

Deno.test("gen ca --rsa makes a key of 4096 bits, which gen crt does not take", {
  ignore,
}, async () => {
  await using folder = await commandFolder();

  const { stdout } = await folder.run(
    "talosctl gen ca --organization acme --rsa && openssl verify -CAfile acme.crt acme.crt && " +
      "openssl rsa -in acme.key -check -noout && head -1 acme.key && " +
      "openssl x509 -in acme.crt -noout -text | grep -E 'Public-Key|Signature Algorithm|CA:TRUE' | sort -u",
  );
  const { code, stderr } = await folder.run(
    "talosctl gen key --name adm && talosctl gen csr --key adm.key --ip 10.0.0.1 && " +
      "talosctl gen crt --ca acme --csr adm.csr --name adm",
  );

  assert.equal(
    stdout,
    `\
acme.crt: OK
RSA key ok
-----BEGIN RSA PRIVATE KEY-----
                CA:TRUE
                Public-Key: (4096 bit)
        Signature Algorithm: sha512WithRSAEncryption
    Signature Algorithm: sha512WithRSAEncryption
`,
  );
  assert.deepEqual({ code, stderr }, {
    code: 1,
    stderr: "error parsing EC key: x509: failed to parse private key " +
      "(use ParsePKCS1PrivateKey instead for this key format)\n",
  });
});

Deno.test("gen keypair certifies itself and its IP for a day", { ignore }, async () => {
  await using folder = await commandFolder();

  await folder.run("talosctl gen keypair --organization kp --ip fd00::1");
  const { stdout } = await folder.run(
    "openssl verify -CAfile kp.crt kp.crt && openssl x509 -in kp.crt -noout -ext subjectAltName && " +
      "openssl x509 -in kp.crt -noout -checkend $((23 * 3600)) && " +
      "! openssl x509 -in kp.crt -noout -checkend $((25 * 3600))",
  );

  assert.equal(
    stdout,
    `\
kp.crt: OK
X509v3 Subject Alternative Name: 
    IP Address:FD00:0:0:0:0:0:0:1
Certificate will not expire
Certificate will expire
`,
  );
});

Deno.test("gen csr and gen crt take keys in PKCS#8 of any kind, and no others", {
  ignore,
}, async () => {
  await using folder = await commandFolder();
  await folder.run(
    "openssl ecparam -genkey -name prime256v1 -noout > sec1.key; " +
      "openssl pkcs8 -topk8 -nocrypt -in sec1.key > ec.key; " +
      "openssl req -x509 -key ec.key -subj /O=ec -out ec.crt; echo nothing > text.key; " +
      "talosctl gen ca --organization acme",
  );

  const { stdout } = await folder.run(
    "talosctl gen csr --key ec.key --ip 10.0.0.1 && " +
      "talosctl gen crt --ca ec --csr ec.csr --name client && openssl verify -CAfile ec.crt client.crt",
  );
  const failures = [
    [
      "csr --key sec1.key --ip 10.0.0.1",
      "error parsing ECDSA key: x509: failed to parse " +
      "private key (use ParseECPrivateKey instead for this key format)",
    ],
    ["csr --key text.key --ip 10.0.0.1", "error decoding PEM"],
    ["csr --key ec.key --ip 10.0.0.1", 'file "ec.csr" already exists, use --force to overwrite'],
    [
      "crt --ca nope --csr ec.csr --name x",
      "error reading CA cert: open nope.crt: " +
      "no such file or directory",
    ],
    ["crt --ca ec --csr nope --name x", "error reading CSR: open nope: no such file or directory"],
    ["crt --ca ec --csr text.key --name x", "error parsing CSR PEM"],
    [
      "crt --ca acme --csr ec.csr --name x",
      "error signing certificate: x509: requested " +
      "SignatureAlgorithm does not match private key type",
    ],
  ] as const;

  assert.equal(stdout, "client.crt: OK\n");
  for (const [line, stderr] of failures) {
    assert.equal((await folder.run(`talosctl gen ${line}`)).stderr, `${stderr}\n`);
  }
  assert.ok(!folder.names().includes("x.crt"));
});

Deno.test("gen crt refuses a key that is not that of the authority's certificate", async () => {
  await using folder = await commandFolder();
  await folder.run(
    "talosctl gen ca --organization acme; talosctl gen key --name acme --force; " +
      "talosctl gen key --name adm; talosctl gen csr --key adm.key --ip 10.0.0.1",
  );

  const { stderr } = await folder.run("talosctl gen crt --ca acme --csr adm.csr --name adm");

  assert.equal(
    stderr,
    "error signing certificate: x509: provided PrivateKey doesn't match parent's PublicKey\n",
  );
});

Deno.test("gen keypair keeps what is there, writes nothing beside it, and replaces it by force", async () => {
  await using folder = await commandFolder();
  folder.write("kp.crt", "mine");

  const refused = await folder.run("talosctl gen keypair --organization kp");
  const names = folder.names();
  const forced = await folder.run("talosctl gen keypair --organization kp --force");

  assert.deepEqual(refused, {
    code: 1,
    stdout: "",
    stderr: '1 error occurred:\n\t* file "kp.crt" already exists, use --force to overwrite\n\n\n',
  });
  assert.deepEqual(names, ["kp.crt"]);
  assert.equal(forced.code, 0);
  assert.match(folder.read("kp.crt"), /^-----BEGIN CERTIFICATE-----\n/);
});

Deno.test("gen ca leaves no part of its files where one of them cannot be written", async () => {
  await using folder = await commandFolder();
  await Deno.mkdir(`${folder.path}/acme.key`);

  const { code, stderr } = await folder.run("talosctl gen ca --organization acme --force");

  assert.deepEqual({ code, stderr }, { code: 1, stderr: "open acme.key: is a directory\n" });
  assert.deepEqual(folder.names(), ["acme.key"]);
});

Deno.test("gen commands that are interrupted while they make a key write nothing", async () => {
  await using folder = await commandFolder();
  const interrupt = new AbortController();
  // The clock is asked right before the key is made.
  const now = () => {
    queueMicrotask(() => interrupt.abort());
    return new Date();
  };

  const { code, stdout, stderr } = await runProgram(
    ["gen", "secrets", "-o", `${folder.path}/secrets.yaml`],
    { now, interrupt: interrupt.signal },
  );

  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^context canceled\n$/m);
  assert.deepEqual(folder.names(), []);
});
