/** `gen secrets`: each secret in the form that nodes of its Talos version want, made anew or taken over. */

import assert from "node:assert/strict";
import { X509Certificate } from "@peculiar/x509";
import { parse } from "@std/yaml";
import { commandFolder, hasOpenssl } from "../command_folder.ts";
import { runProgram } from "../talosctl.ts";

interface Pair {
  crt: string;
  key: string;
}

/** The file of spec/machine-config.md, 4.2. */
interface SecretsFile {
  cluster: { id: string; secret: string };
  secrets: Record<string, string>;
  trustdinfo: { token: string };
  certs: {
    etcd: Pair;
    k8s: Pair;
    k8saggregator: Pair;
    k8sserviceaccount: { key: string };
    os: Pair;
  };
}

const now = new Date("2026-11-21T10:00:00Z");

async function generate(...flags: string[]): Promise<SecretsFile> {
  const { code, stdout, stderr } = await runProgram(["gen", "secrets", "-o", "-", ...flags], {
    now: () => now,
  });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return parse(stdout) as SecretsFile;
}

function decoded(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}

function firstLine(base64: string): string {
  return decoded(base64).split("\n", 1)[0] ?? "";
}

Deno.test("gen secrets makes four authorities, each of its kind and name, valid for ten years", async () => {
  const { certs } = await generate();

  const authorities = await Promise.all(
    [certs.etcd, certs.k8s, certs.k8saggregator, certs.os].map(async ({ crt, key }) => {
      const certificate = new X509Certificate(decoded(crt));
      return {
        subject: certificate.subject,
        issuer: certificate.issuer,
        algorithm: certificate.signatureAlgorithm.name,
        notBefore: certificate.notBefore.toISOString(),
        notAfter: certificate.notAfter.toISOString(),
        key: firstLine(key),
        verifies: await certificate.verify({ signatureOnly: true }),
      };
    }),
  );

  const validity = { notBefore: "2026-11-21T10:00:00.000Z", notAfter: "2036-11-18T10:00:00.000Z" };
  const expected = (name: string, algorithm: string, label: string) => ({
    ...{ subject: name, issuer: name, algorithm, ...validity },
    ...{ key: `-----BEGIN ${label} PRIVATE KEY-----`, verifies: true },
  });
  assert.deepEqual(authorities, [
    expected("O=etcd", "ECDSA", "EC"),
    expected("O=kubernetes", "ECDSA", "EC"),
    expected("", "ECDSA", "EC"),
    expected("O=talos", "Ed25519", "ED25519"),
  ]);
});

Deno.test("gen secrets makes authorities that openssl takes, each with the key that it certifies", {
  ignore: !hasOpenssl(),
}, async () => {
  await using folder = await commandFolder();
  const { certs } = await generate("--talos-version", "v1.6");

  const { k8sserviceaccount: _, ...authorities } = certs;
  for (const [name, { crt, key }] of Object.entries(authorities)) {
    folder.write("crt", decoded(crt));
    // The label is Talos' own; the content is what it says without the first word.
    folder.write("key", decoded(key).replaceAll("ED25519 PRIVATE", "PRIVATE"));
    const { stdout } = await folder.run(
      "openssl verify -CAfile crt crt; openssl x509 -in crt -noout " +
        "-ext keyUsage,extendedKeyUsage,basicConstraints,authorityKeyIdentifier; " +
        "openssl pkey -in key -pubout > a; openssl x509 -in crt -pubkey -noout | cmp - a && echo same",
    );
    assert.equal(
      stdout,
      `\
crt: OK
X509v3 Key Usage: critical
    Digital Signature, Certificate Sign
X509v3 Extended Key Usage: 
    TLS Web Server Authentication, TLS Web Client Authentication
X509v3 Basic Constraints: critical
    CA:TRUE
same
`,
      name,
    );
  }
  folder.write("sa", decoded(certs.k8sserviceaccount.key));
  assert.equal((await folder.run("openssl ec -in sa -check -noout 2>&1 | grep -i valid")).code, 0);
});

Deno.test("gen secrets makes tokens, identities and encryption secrets of the right size, new each time", async () => {
  const files = [
    await generate("--talos-version", "v1.6"),
    await generate("--talos-version", "1.6.1"),
  ];

  for (const { cluster, secrets, trustdinfo } of files) {
    assert.deepEqual(Object.keys(secrets), ["bootstraptoken", "secretboxencryptionsecret"]);
    for (const token of [secrets["bootstraptoken"], trustdinfo.token]) {
      assert.match(token ?? "", /^[0-9a-z]{6}\.[0-9a-z]{16}$/);
    }
    for (const base64 of [cluster.id, cluster.secret, secrets["secretboxencryptionsecret"]]) {
      assert.equal(Uint8Array.fromBase64(base64 ?? "").length, 32);
    }
  }
  const values = files.flatMap(({ cluster, secrets, trustdinfo }) => [
    ...Object.values(cluster),
    ...Object.values(secrets),
    trustdinfo.token,
  ]);
  assert.equal(new Set(values).size, values.length);
});

Deno.test("gen secrets follows the Talos version in its service account key and encryption secret", async () => {
  const versions = ["v1.2", "v1.3", "v1.6", "v1.7"];

  const kinds = await Promise.all(versions.map(async (version) => {
    const { secrets, certs } = await generate("--talos-version", version);
    return [version, Object.keys(secrets)[1], firstLine(certs.k8sserviceaccount.key)];
  }));

  assert.deepEqual(kinds, [
    ["v1.2", "aescbcencryptionsecret", "-----BEGIN EC PRIVATE KEY-----"],
    ["v1.3", "secretboxencryptionsecret", "-----BEGIN EC PRIVATE KEY-----"],
    ["v1.6", "secretboxencryptionsecret", "-----BEGIN EC PRIVATE KEY-----"],
    ["v1.7", "secretboxencryptionsecret", "-----BEGIN RSA PRIVATE KEY-----"],
  ]);
});

Deno.test("gen secrets takes keys and certificates of kubeadm as they are", {
  ignore: !hasOpenssl(),
}, async () => {
  await using folder = await commandFolder();
  await folder.run(
    "mkdir -p pki/etcd && cd pki && for ca in ca etcd/ca front-proxy-ca; do openssl req -x509 " +
      "-newkey rsa:2048 -nodes -keyout $ca.key -out $ca.crt -subj /CN=test; done; " +
      "openssl ecparam -genkey -name prime256v1 -noout > sa.key",
  );

  const path = `${folder.path}/pki`;
  const token = "abcdef.0123456789abcdef";
  const { secrets, certs } = await generate("-p", path, "-t", token, "--talos-version", "v1.2");
  const { secrets: { bootstraptoken = "" } } = await generate("-p", path);

  assert.deepEqual(Object.entries(secrets).map(([key]) => key), [
    "bootstraptoken",
    "aescbcencryptionsecret",
  ]);
  assert.equal(secrets["bootstraptoken"], token);
  assert.match(bootstraptoken, /^[0-9a-z]{6}\.[0-9a-z]{16}$/);
  const taken = { ca: certs.k8s, "etcd/ca": certs.etcd, "front-proxy-ca": certs.k8saggregator };
  for (const [name, { crt, key }] of Object.entries(taken)) {
    assert.equal(decoded(crt), folder.read(`pki/${name}.crt`));
    assert.equal(decoded(key), folder.read(`pki/${name}.key`));
  }
  assert.equal(decoded(certs.k8sserviceaccount.key), folder.read("pki/sa.key"));
  assert.equal(new X509Certificate(decoded(certs.os.crt)).subject, "O=talos");
});

Deno.test("gen secrets names what is wrong with a folder of kubeadm", async () => {
  await using folder = await commandFolder();
  folder.write("file", "");
  await folder.run(
    "mkdir -p empty bad/etcd; cd bad; echo no > ca.crt; cp ca.crt ca.key; " +
      "mkdir ../odd; cd ../odd; printf -- '-----BEGIN ODD KEY-----\\nAAAA\\n-----END ODD KEY-----\\n' > ca.key; cp ca.key ca.crt",
  );
  const cases = [
    ["nope", "stat nope: no such file or directory"],
    ["file", '"file" is not a directory'],
    ["empty/", "open empty/ca.crt: no such file or directory"],
    ["bad", "failed to parse PEM block"],
    ["odd", 'unsupported key type: "ODD KEY"'],
  ] as const;

  for (const [name, reason] of cases) {
    const { code, stderr } = await folder.run(`talosctl gen secrets -p ${name}`);
    assert.deepEqual({ code, stderr }, {
      code: 1,
      stderr: `failed to create secrets bundle: ${reason}\n`,
    });
  }
  assert.ok(!folder.names().includes("secrets.yaml"));
});

/** A control plane configuration whose secrets stand in documents of their own; `machine` differs. */
function configuration(machineCaKey: string): string {
  return `\
version: v1alpha1
machine:
    type: controlplane
    token: machin.etokenmachinetok
    ca:
        crt: b3MgY3J0
        key: ${machineCaKey}
cluster:
    token: bootst.raptokenbootstra
    id: overruled
    etcd:
        ca:
            crt: ZXRjZCBjcnQ=
            key: ZXRjZCBrZXk=
---
apiVersion: v1alpha1
kind: DiscoveryIdentityConfig
clusterID: id
clusterSecret: secret
---
apiVersion: v1alpha1
kind: KubeAPIServerCAConfig
issuingCA:
    cert: k8s crt
    key: k8s key
---
apiVersion: v1alpha1
kind: KubeEtcdEncryptionConfig
config:
    resources:
        - providers:
            - secretbox:
                keys:
                    - name: other
                      secret: b3RoZXI=
          resources:
            - configmaps
        - providers:
            - secretbox:
                keys:
                    - name: key2
                      secret: c2VjcmV0Ym94
          resources:
            - secrets
---
apiVersion: v1alpha1
kind: KubeServiceAccountConfig
issuer:
    privateKey: sa key
    issuerURL: https://10.5.0.2:6443
`;
}

Deno.test("gen secrets collects what a control plane configuration has, its documents first", async () => {
  await using folder = await commandFolder();
  folder.write("cp.yaml", configuration("b3Mga2V5"));

  const { stdout, stderr } = await folder.run(
    "talosctl gen secrets --from-controlplane-config cp.yaml -o -",
  );

  assert.equal(stderr, "");
  assert.equal(
    stdout,
    `\
cluster:
    id: id
    secret: secret
secrets:
    bootstraptoken: bootst.raptokenbootstra
    secretboxencryptionsecret: c2VjcmV0Ym94
trustdinfo:
    token: machin.etokenmachinetok
certs:
    etcd:
        crt: ZXRjZCBjcnQ=
        key: ZXRjZCBrZXk=
    k8s:
        crt: azhzIGNydA==
        key: azhzIGtleQ==
    k8saggregator: null
    k8sserviceaccount:
        key: c2Ega2V5
    os:
        crt: b3MgY3J0
        key: b3Mga2V5
`,
  );
});

Deno.test("gen secrets says that a configuration without private keys is not enough", async () => {
  await using folder = await commandFolder();
  folder.write("worker.yaml", configuration('""'));

  const { code, stdout, stderr } = await folder.run(
    "talosctl gen secrets --from-controlplane-config worker.yaml",
  );

  assert.deepEqual({ code, stdout, stderr }, {
    code: 1,
    stdout: "",
    stderr: "failed to create secrets bundle from controlplane config: " +
      "machine.ca has no private key\n" +
      "Only the configuration of a control plane node holds all secrets of its cluster.\n",
  });
});
