/** The admin kubeconfig of a simulated cluster: real certificates of its Kubernetes CA. */

import assert from "node:assert/strict";
import * as x509 from "@peculiar/x509";
import { startSandbox } from "../../mod.ts";
import { createKubernetesPki } from "../../plugins/sandbox/kubernetes_pki.ts";
import { talosctl } from "../talosctl.ts";

const dayMs = 24 * 3_600_000;

Deno.test("a node hands out admin rights from the cluster's CA, new ones at every call", async () => {
  await using sandbox = await startSandbox({ name: "lab", controlPlanes: 2 });
  const talosconfigPath = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfigPath);
  const target = { talosconfigPath, clock: sandbox.clock };
  const startMs = Date.now();

  const [first, second] = [
    await talosctl(target, "kubeconfig -n 10.5.0.2 -"),
    await talosctl(target, "kubeconfig -n 10.5.0.3 -"),
  ];

  assert.deepEqual([first.stderr, second.stderr], ["", ""]);
  const [ca = "", crt = "", key = ""] = dataOf(first.stdout);
  const [server] = /https:\/\/127\.0\.0\.1:\d+/.exec(first.stdout) ?? [];
  const [otherCa, otherCrt, otherKey] = dataOf(second.stdout);
  assert.equal(
    first.stdout,
    `\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${ca}
    server: ${server}
  name: lab
contexts:
- context:
    cluster: lab
    namespace: default
    user: admin@lab
  name: admin@lab
current-context: admin@lab
kind: Config
users:
- name: admin@lab
  user:
    client-certificate-data: ${crt}
    client-key-data: ${key}
`,
  );
  assert.equal(otherCa, ca);
  assert.notEqual(otherCrt, crt);
  assert.notEqual(otherKey, key);
  // spec/kubeconfig.md, 8
  const authority = new x509.X509Certificate(atob(ca));
  const client = new x509.X509Certificate(atob(crt));
  assert.ok(await client.verify({ publicKey: authority, signatureOnly: true }));
  assert.match(atob(key), /^-----BEGIN EC PRIVATE KEY-----\n/);
  assert.deepEqual([authority.subject, client.issuer], ["O=kubernetes", "O=kubernetes"]);
  assert.equal(client.subject, "O=system:masters, CN=admin");
  assert.equal(client.getExtension(x509.KeyUsagesExtension)?.usages, 5);
  const usages = client.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? [];
  assert.deepEqual([...usages], [x509.ExtendedKeyUsage.clientAuth]);
  assert.equal(client.getExtension(x509.SubjectAlternativeNameExtension), null);
  const lifetimeMs = client.notAfter.getTime() - client.notBefore.getTime();
  assert.equal(lifetimeMs, 365 * dayMs + 10_000);
  assert.ok(client.notBefore.getTime() <= startMs - 9_000);
  await Deno.remove(talosconfigPath);
});

Deno.test("a certificate of the Kubernetes API is for its address", async () => {
  const pki = createKubernetesPki();

  const { certificatePem } = await pki.server("10.5.0.2");

  const { certificatePem: caPem } = await pki.authority();
  const server = new x509.X509Certificate(certificatePem);
  assert.ok(
    await server.verify({ publicKey: new x509.X509Certificate(caPem), signatureOnly: true }),
  );
  assert.deepEqual(server.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON(), [
    { type: "ip", value: "10.5.0.2" },
  ]);
});

/** CA, certificate and key, in base64. */
function dataOf(kubeconfig: string): string[] {
  return Array.from(kubeconfig.matchAll(/-data: (\S+)$/gm), ([, data = ""]) => data);
}

Deno.test("what a configuration says of the cluster's name and authority counts for kubeconfigs", async () => {
  await using sandbox = await startSandbox({ name: "lab" });
  const talosconfigPath = await Deno.makeTempFile();
  await sandbox.writeTalosconfig(talosconfigPath);
  const target = { talosconfigPath, clock: sandbox.clock };
  const patch = async (document: object) => {
    const text = JSON.stringify({ apiVersion: "v1alpha1", ...document });
    const { code, stderr } = await talosctl(target, `patch mc -n 10.5.0.2 -p ${text}`);
    assert.equal(code, 0, stderr);
  };

  await patch({ kind: "KubeClusterConfig", clusterName: "renamed" });
  const renamed = await talosctl(target, "kubeconfig -n 10.5.0.2 -");
  await patch({ kind: "KubeAPIServerCAConfig", "$patch": "delete" });
  const without = await talosctl(target, "kubeconfig -n 10.5.0.2 -");
  await Deno.remove(talosconfigPath);

  assert.match(renamed.stdout, /^current-context: admin@renamed$/m);
  assert.match(renamed.stdout, /^ {2}name: renamed$/m);
  assert.doesNotMatch(renamed.stdout, /\blab\b/);
  assert.deepEqual(without, {
    code: 1,
    stdout: "",
    stderr: "error initializing gzip: rpc error: code = FailedPrecondition " +
      "desc = k8s API server CA config is not set\n",
  });
});
