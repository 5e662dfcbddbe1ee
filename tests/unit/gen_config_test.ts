/** `gen config` and `machineconfig gen`: what is refused and in which words, what patches touch, what is left behind. */

import assert from "node:assert/strict";
import { parse, stringify } from "@std/yaml";
import { createAuthority, type KeyedCertificate } from "../../core/pki/authority.ts";
import { commandFolder, hasOpenssl } from "../command_folder.ts";
import { goldenSecretsFile } from "../generated_configs.ts";
import { runProgram } from "../talosctl.ts";

const endpoint = "https://10.5.0.2:6443";
const now = new Date("2026-11-21T10:00:00Z");
const plain = ["--with-docs=false", "--with-examples=false"];

/** A folder with the secrets of the golden cases in it. */
async function secretsFolder() {
  const folder = await commandFolder();
  folder.write("secrets.yaml", new TextDecoder().decode(goldenSecretsFile("gen-config-current")));
  return folder;
}

async function generate(folder: { path: string }, ...words: string[]) {
  const secrets = ["--with-secrets", `${folder.path}/secrets.yaml`];
  return await runProgram(["gen", "config", "demo", endpoint, ...plain, ...secrets, ...words], {
    now: () => now,
  });
}

const endpoints: [string, string][] = [
  [
    "10.5.0.2",
    'no scheme and port specified for the cluster endpoint URL\ntry: "https://10.5.0.2:6443"',
  ],
  ["10.5.0.2:443", 'no scheme specified for the cluster endpoint URL\ntry: "https://10.5.0.2:443"'],
  ["::1", 'no scheme specified for the cluster endpoint URL\ntry: "https://::1"'],
  [
    "foo/bar",
    'no scheme and port specified for the cluster endpoint URL\ntry: "https://foo%2Fbar:6443"',
  ],
  [
    "ftp://x/y",
    'the control plane endpoint URL should have scheme https://\ntry: "https://x:6443/y"',
  ],
  [
    "ht!tp://x",
    'failed to parse the cluster endpoint URL: parse "ht!tp://x": first path segment in URL cannot contain colon',
  ],
  [
    "https://fd00::1:6443",
    "error validating the cluster endpoint URL: IPv6 addresses MUST be enclosed by square brackets",
  ],
  [
    "https://x:0",
    "error validating the cluster endpoint URL: port number must be between 1 and 65535",
  ],
];

Deno.test("gen config says what is wrong with an endpoint before it looks at anything else", async () => {
  for (const [given, problem] of endpoints) {
    const outcome = await runProgram([
      "gen",
      "config",
      "demo",
      given,
      "--version",
      "v2",
      "-t",
      "x",
    ]);
    assert.deepEqual(outcome, { code: 1, stdout: "", stderr: `${problem}\n` }, given);
  }
});

Deno.test("gen config checks its flags in the official order", async () => {
  await using folder = await secretsFolder();
  // Each line is a mistake that stands before those below it.
  const mistakes: [string[], string][] = [
    [["--version", "v2"], 'unknown config version: "v2"\n'],
    [["-t", ""], "at least one output type must be specified\n"],
    [["-o", "a", "--output-dir", "b"], "can't use both output-dir and output\n"],
    [["--registry-mirror", "docker.io"], 'invalid registry mirror spec: "docker.io"\n'],
    [["--talos-version", "vv1.2"], 'invalid talos-version: error parsing version "vv1.2"\n'],
    [
      ["--with-secrets", "/nope"],
      "failed to load secrets bundle: open /nope: no such file or directory\n",
    ],
    [["--config-patch-worker", "{}"], "error parsing config JSON patch: config not found\n"],
    [
      ["--kubernetes-version", ""],
      "generating PKI and tokens\n" +
      "failed to generate config bundle: kubernetes version must be specified\n",
    ],
  ];
  for (const [index, [, stderr]] of mistakes.entries()) {
    const words = mistakes.slice(index).flatMap(([flags]) => flags);
    assert.deepEqual(await generate(folder, ...words), { code: 1, stdout: "", stderr });
  }
});

interface SecretsFile {
  certs: Record<string, { crt?: string; key: string }>;
}

/** The golden secrets with one thing changed. */
function changedSecrets(change: (file: SecretsFile) => void): string {
  const file = parse(
    new TextDecoder().decode(goldenSecretsFile("gen-config-current")),
  ) as SecretsFile;
  change(file);
  return stringify(file);
}

function entry({ certificatePem, keyPem }: KeyedCertificate) {
  return { crt: btoa(certificatePem), key: btoa(keyPem) };
}

async function weakRsaKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    true,
    ["sign", "verify"],
  );
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return `-----BEGIN PRIVATE KEY-----\n${der.toBase64()}\n-----END PRIVATE KEY-----\n`;
}

Deno.test("gen config names each secret that is broken, weak or of another certificate", async () => {
  await using folder = await secretsFolder();
  const dayMs = 86_400_000;
  const validity = { notBefore: new Date(now.getTime() - 2 * dayMs), lifetimeMs: dayMs };
  const expired = await createAuthority(validity);
  const lasting = { ...validity, lifetimeMs: 9 * dayMs };
  const leaf = await (await createAuthority(lasting)).issue({ ...lasting, usage: ["clientAuth"] });
  const weak = await weakRsaKey();
  folder.write(
    "secrets.yaml",
    changedSecrets(({ certs }) => {
      const { etcd, k8s, os } = certs;
      assert.ok(etcd && k8s && os);
      certs["etcd"] = { ...etcd, key: k8s.key };
      certs["k8s"] = entry(leaf);
      certs["k8saggregator"] = entry(expired);
      certs["k8sserviceaccount"] = { key: btoa(weak) };
      certs["os"] = { crt: btoa("no certificate"), key: os.key };
    }),
  );

  assert.deepEqual(await generate(folder, "-t", "worker", "-o", "-"), {
    code: 1,
    stdout: "",
    stderr: `\
failed to validate secrets bundle: 5 errors occurred:
\t* certs.etcd is invalid: the key does not belong to the certificate
\t* certs.k8s is invalid: the certificate is not that of an authority
\t* certs.k8saggregator is invalid: the certificate expired at 2026-11-20T10:00:00.000Z
\t* certs.k8sserviceaccount.key is invalid: an RSA key of 1024 bits is too weak: 2048 or more
\t* certs.os is invalid: failed to parse PEM block


`,
  });
});

Deno.test("gen config refuses what is no secrets file at all", async () => {
  await using folder = await secretsFolder();
  const broken: [string, string][] = [
    ["", "failed to load secrets bundle: EOF\n"],
    [
      "a: [",
      "failed to load secrets bundle: go-yaml load error in parser (while parsing a flow node) at L2.C1: did not find expected node content\n",
    ],
    [
      "cluster: []\ncerts: {os: {crt: '*'}}\n",
      "failed to load secrets bundle: yaml: construct errors: line 1: cannot construct !!seq into " +
      "secrets.Cluster; line 2: illegal base64 data at input byte 0\n",
    ],
    [
      "null\n",
      "failed to validate secrets bundle: 4 errors occurred:\n\t* cluster is required\n" +
      "\t* secrets is required\n\t* trustdinfo is required\n\t* certs is required\n\n\n",
    ],
  ];
  for (const [text, stderr] of broken) {
    folder.write("secrets.yaml", text);
    assert.deepEqual(await generate(folder, "-o", "-", "-t", "worker"), {
      code: 1,
      stdout: "",
      stderr,
    });
  }
});

Deno.test("gen config leaves nothing behind when one of its files cannot be written", async () => {
  await using folder = await secretsFolder();
  await Deno.mkdir(`${folder.path}/out/worker.yaml`, { recursive: true });
  const out = `${folder.path}/out`;

  const kept = await generate(folder, "-o", out);
  const forced = await generate(folder, "-o", out, "--force");

  const beginning = "generating PKI and tokens\n";
  assert.equal(
    kept.stderr,
    `${beginning}file "${out}/worker.yaml" already exists, use --force to overwrite\n`,
  );
  assert.equal(forced.stderr, `${beginning}open ${out}/worker.yaml: is a directory\n`);
  assert.deepEqual([...Deno.readDirSync(out)].map(({ name }) => name), ["worker.yaml"]);
});

Deno.test("gen config says that a folder cannot be made below a file", async () => {
  await using folder = await secretsFolder();

  const { code, stderr } = await generate(folder, "-o", `${folder.path}/secrets.yaml/out`);

  assert.equal(code, 1);
  assert.equal(
    stderr,
    "generating PKI and tokens\nfailed to create output dir: mkdir " +
      `${folder.path}/secrets.yaml/out: not a directory\n`,
  );
});

Deno.test("gen config keeps the patches of control planes and workers apart", async () => {
  await using folder = await secretsFolder();
  const patches = [
    "--config-patch",
    "machine: {sysctls: {a: common}}",
    "--config-patch-control-plane",
    "machine: {sysctls: {b: control plane}}",
    "--config-patch-worker",
    "machine: {sysctls: {c: worker}}",
  ];
  const sysctls = async (type: string) => {
    const { stdout } = await generate(folder, ...patches, "-t", type, "-o", "-");
    return /sysctls:\n((?: {8}.*\n)*)/.exec(stdout)?.[1];
  };

  assert.equal(await sysctls("controlplane"), "        a: common\n        b: control plane\n");
  assert.equal(await sysctls("worker"), "        a: common\n        c: worker\n");
});

Deno.test("gen config says which patches do not apply", async () => {
  await using folder = await secretsFolder();
  const json = '[{"op": "remove", "path": "/machine/nope"}]';
  const prefix = "generating PKI and tokens\nfailed to generate config bundle: error patching";
  const cases: [string[], string][] = [
    [
      ["--config-patch", json],
      `${prefix} configs: JSON6902 patches are not supported for multi-document machine configuration\n`,
    ],
    [
      ["--config-patch-control-plane", json, "--talos-version", "1.11"],
      `${prefix} control plane configs: failure applying rfc6902 patches to talos machine config: ` +
      "error in remove for path: '/machine/nope': Unable to remove nonexistent key: nope: missing value\n",
    ],
    [
      ["--config-patch-worker", "machine: {install: {disk: {$patch: delete}}}"],
      `${prefix} worker config: patch delete: path 'machine.install.disk' in document '/v1alpha1': ` +
      "failed to delete path 'machine.install.disk': lookup failed\n",
    ],
  ];
  for (const [words, stderr] of cases) {
    assert.deepEqual(await generate(folder, ...words), { code: 1, stdout: "", stderr });
  }
});

Deno.test("gen config for Talos alone leaves out Kubernetes and etcd, and needs no secrets of theirs", async () => {
  await using folder = await secretsFolder();
  folder.write(
    "secrets.yaml",
    changedSecrets((file) => {
      const { os } = file.certs;
      assert.ok(os);
      Object.assign(file, { secrets: null, certs: { os } });
    }),
  );

  const { code, stdout } = await generate(
    folder,
    "--skip-k8s-etcd",
    "-t",
    "controlplane",
    "-o",
    "-",
  );

  assert.equal(code, 0);
  assert.match(stdout, /^cluster: \{\}$/m);
  assert.deepEqual(stdout.match(/(?<=^kind: ).*$/gm), [
    "DiscoveryServiceConfig",
    "DiscoveryIdentityConfig",
    "UnattendedInstallConfig",
    "ResolverConfig",
    "VolumeConfig",
    "FilesystemTrimConfig",
    "SecurityProfileConfig",
    "HostnameConfig",
  ]);
});

Deno.test("gen config leaves out an encryption secret that the Talos version does not have", async () => {
  await using folder = await secretsFolder();

  const old = await generate(folder, "--talos-version", "1.2", "-t", "controlplane", "-o", "-");
  const next = await generate(folder, "--talos-version", "1.3", "-t", "controlplane", "-o", "-");

  assert.doesNotMatch(old.stdout, /EncryptionSecret/);
  assert.match(next.stdout, /^ {4}secretboxEncryptionSecret: /m);
});

Deno.test("gen config writes no registries for control planes from 1.12 on, unless asked for no comments", async () => {
  await using folder = await secretsFolder();
  const registries = async (...words: string[]) => {
    const { stdout } = await generate(folder, "-o", "-", ...words);
    return /^ {4}registries: \{\}$/m.test(stdout);
  };
  const commented = ["--with-examples"];

  assert.equal(await registries("-t", "worker", ...commented), true);
  assert.equal(await registries("-t", "worker"), false);
  assert.equal(await registries("-t", "controlplane", ...commented), false);
  const old = ["-t", "controlplane", "--talos-version", "1.11"];
  assert.equal(await registries(...old, ...commented), true);
  assert.equal(await registries(...old), false);
});

Deno.test("machineconfig gen takes no flags of gen config", async () => {
  const { code, stderr } = await runProgram(["mc", "gen", "demo", endpoint, "-o", "x"]);

  assert.equal(code, 1);
  assert.match(stderr, /^unknown shorthand flag: 'o' in -o\n/);
});

Deno.test({
  name:
    "machineconfig gen makes a cluster anew: openssl accepts its authorities and its administrator",
  ignore: !hasOpenssl(),
  async fn() {
    await using folder = await commandFolder();

    const { code, stderr } = await folder.run(`talosctl machineconfig gen demo ${endpoint}`);
    const again = await folder.run(`talosctl mc gen demo ${endpoint}`);

    const created = ["controlplane.yaml", "worker.yaml", "talosconfig"]
      .map((name) => `Created ${folder.path}/${name}\n`).join("");
    assert.deepEqual({ code, stderr }, {
      code: 0,
      stderr: `generating PKI and tokens\n${created}`,
    });
    assert.match(again.stderr, /controlplane\.yaml" already exists/);
    await folder.run("talosctl gen secrets --from-controlplane-config controlplane.yaml");
    const { certs } = parse(folder.read("secrets.yaml")) as SecretsFile;
    for (const name of ["etcd", "k8s", "k8saggregator", "os"]) {
      folder.write(`${name}.crt`, atob(certs[name]?.crt ?? ""));
      const verified = await folder.run(
        `openssl verify -x509_strict -CAfile ${name}.crt ${name}.crt`,
      );
      assert.equal(verified.stdout, `${name}.crt: OK\n`, verified.stderr);
    }
    const { contexts } = parse(folder.read("talosconfig")) as {
      contexts: Record<string, { crt: string; key: string }>;
    };
    folder.write("admin.crt", atob(contexts["demo"]?.crt ?? ""));
    folder.write("admin.key", atob(contexts["demo"]?.key ?? "").replaceAll("ED25519 ", ""));
    const admin = await folder.run(
      "openssl verify -purpose sslclient -CAfile os.crt admin.crt && " +
        "openssl x509 -in admin.crt -noout -subject -pubkey && openssl pkey -in admin.key -pubout",
    );
    const [verified, subject, ...keys] = admin.stdout.trim().split(/\n(?=subject|-----BEGIN)/);
    assert.equal(verified, "admin.crt: OK");
    assert.match(subject ?? "", /^subject=O ?= ?os:admin$/);
    assert.equal(keys[0], keys[1]);
    const { stdout: extensions } = await folder.run(
      "openssl x509 -in admin.crt -noout -ext keyUsage,extendedKeyUsage,basicConstraints",
    );
    assert.deepEqual(extensions.trim().split(/\s*\n\s*/), [
      "X509v3 Key Usage: critical",
      "Digital Signature",
      "X509v3 Extended Key Usage:",
      "TLS Web Client Authentication",
    ]);
  },
});

Deno.test({
  name: "gen config issues its administrator's certificate with an RSA or ECDSA authority too",
  ignore: !hasOpenssl(),
  async fn() {
    for (const keyKind of ["rsa-2048", "ecdsa-p256"] as const) {
      await using folder = await secretsFolder();
      const validity = { notBefore: new Date(Date.now() - 60_000), lifetimeMs: 86_400_000 };
      const os = await createAuthority({ ...validity, organization: "talos", keyKind });
      folder.write("secrets.yaml", changedSecrets(({ certs }) => certs["os"] = entry(os)));
      folder.write("os.crt", os.certificatePem);

      const { code } = await folder.run(
        `talosctl gen config demo ${endpoint} --with-secrets secrets.yaml -t talosconfig -o t`,
      );

      assert.equal(code, 0);
      const { contexts } = parse(folder.read("t")) as { contexts: Record<string, { crt: string }> };
      folder.write("admin.crt", atob(contexts["demo"]?.crt ?? ""));
      const { stdout, stderr } = await folder.run(
        "openssl verify -purpose sslclient -CAfile os.crt admin.crt",
      );
      assert.equal(stdout, "admin.crt: OK\n", stderr);
    }
  },
});
