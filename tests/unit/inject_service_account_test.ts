/** `inject serviceaccount`: what becomes of workloads, and that everything else stays. */

import assert from "node:assert/strict";
import { canonicalQuantity } from "../../plugins/inject/quantity.ts";
import { type Outcome, runProgram } from "../talosctl.ts";

function inject(stdin: string, ...flags: string[]): Promise<Outcome> {
  return runProgram(["inject", "serviceaccount", "-f", "-", ...flags], { stdin });
}

const cronJob = `\
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, annotations: {}, labels: {a10: x, a9: y}}
spec:
  schedule: "@daily"
  unknown: 1
  jobTemplate:
    spec:
      template:
        spec:
          hostNetwork: false
          automountServiceAccountToken: false
          initContainers: [{name: i, volumeMounts: [{name: talos-secrets, mountPath: /old}]}]
          containers:
          - name: c
            resources: {limits: {cpu: 0.5, memory: 1024Mi}}
            env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]
`;

Deno.test("inject serviceaccount writes a workload as Kubernetes does, with the secret in every container", async () => {
  const { code, stdout, stderr } = await inject(cronJob, "--roles", "os:reader,os:etcd:backup");

  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.equal(
    stdout,
    `\
apiVersion: batch/v1
kind: CronJob
metadata:
  labels:
    a9: "y"
    a10: x
  name: backup
spec:
  jobTemplate:
    metadata: {}
    spec:
      template:
        metadata: {}
        spec:
          automountServiceAccountToken: false
          containers:
          - env:
            - name: CPU
              valueFrom:
                resourceFieldRef:
                  divisor: "0"
                  resource: limits.cpu
            name: c
            resources:
              limits:
                cpu: 500m
                memory: 1Gi
            volumeMounts:
            - mountPath: /var/run/secrets/talos.dev
              name: talos-secrets
          initContainers:
          - name: i
            resources: {}
            volumeMounts:
            - mountPath: /var/run/secrets/talos.dev
              name: talos-secrets
          volumes:
          - name: talos-secrets
            secret:
              secretName: backup-talos-secrets
  schedule: '@daily'
status: {}
---
apiVersion: talos.dev/v1alpha1
kind: ServiceAccount
metadata:
    name: backup-talos-secrets
spec:
    roles:
        - os:reader
        - os:etcd:backup
---

`,
  );
});

Deno.test("inject serviceaccount changes nothing in its own output, but the roles when they differ", async () => {
  const first = await inject(cronJob);

  const again = await inject(first.stdout);
  const withOtherRoles = await inject(first.stdout, "-r", "os:admin");

  assert.equal(again.stdout, first.stdout);
  assert.equal(withOtherRoles.stdout, first.stdout.replace("os:reader", "os:admin"));
});

Deno.test("inject serviceaccount writes one account for workloads of one name, and keeps others", async () => {
  const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: NS}\nspec: {}\n---\n";
  const account = "apiVersion: talos.dev/v1alpha1\nkind: ServiceAccount\n" +
    "metadata:\n    name: other-talos-secrets\n---\n";

  const { stdout } = await inject(
    pod.replace("NS", "one") + pod.replace("NS", "one") + pod.replace("NS", "two") + account,
  );

  assert.deepEqual(stdout.match(/^kind: .*|^ +namespace: .*/gm), [
    ...["kind: Pod", "  namespace: one", "kind: ServiceAccount", "    namespace: one"],
    ...["kind: Pod", "  namespace: one"],
    ...["kind: Pod", "  namespace: two", "kind: ServiceAccount", "    namespace: two"],
    "kind: ServiceAccount",
  ]);
  assert.ok(stdout.endsWith(account + "\n"));
});

Deno.test("inject serviceaccount passes on what is no valid workload, and drops empty documents", async () => {
  const passed = `\
apiVersion: apps/v1
kind: DaemonSet
metadata:
    name: number-as-name
spec:
    template:
        spec:
            containers:
                - name: 1
---
apiVersion: v1
kind: Pod
metadata:
    generateName: no-name-
---
`;

  const { stdout } = await inject(`null\n---\n${passed}`);
  const empty = await inject("");

  assert.equal(stdout, passed + "\n");
  assert.equal(empty.stdout, "\n");
});

Deno.test("inject serviceaccount prints its help without a file, and why a manifest cannot be read", async () => {
  const help = await runProgram(["inject", "serviceaccount", "--help"]);

  assert.deepEqual(await runProgram(["inject", "tsa"]), help);
  assert.equal(help.code, 0);
  assert.deepEqual(await runProgram(["inject", "serviceaccount", "-f", "nope"]), {
    code: 1,
    stdout: "",
    stderr: "open nope: no such file or directory\n",
  });
  assert.deepEqual(await inject("machine: [\n"), {
    code: 1,
    stdout: "",
    stderr: "go-yaml load error in parser (while parsing a flow node) at L2.C1: " +
      "did not find expected node content\n",
  });
});

Deno.test("quantities are written in the one form that Kubernetes gives them", () => {
  // The first two stand in the description of the type in Kubernetes' API.
  const cases = {
    "1.5": "1500m",
    "1.5Gi": "1536Mi",
    "0.5": "500m",
    "1000m": "1",
    "1000": "1k",
    "1024Mi": "1Gi",
    "512Ki": "512Ki",
    "0.5Ki": "512",
    "-2048Ki": "-2Mi",
    "1e3": "1e3",
    "0Mi": "0",
    "0.1n": "1n",
    "100m": "100m",
    "12345678": "12345678",
  };

  for (const [text, canonical] of Object.entries(cases)) {
    assert.equal(canonicalQuantity(text), canonical, text);
  }
  for (const text of ["", "1 Gi", "ten", "1K", "1ki", "--1"]) {
    assert.equal(canonicalQuantity(text), undefined, text);
  }
});
