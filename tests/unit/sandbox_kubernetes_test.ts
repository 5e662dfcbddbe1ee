/** The Kubernetes API of a sandbox: what its kubeconfigs lead to. */

import assert from "node:assert/strict";
import { load } from "js-yaml";
import { createKubernetesClient } from "../../core/kubernetes/api_client.ts";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { talosctl } from "../talosctl.ts";

interface Access {
  url: string;
  caPem: string;
  cert: string;
  key: string;
}

/** What `talosctl kubeconfig -` prints leads there. */
async function accessOf(sandbox: Sandbox): Promise<Access> {
  const talosconfigPath = await Deno.makeTempFile();
  try {
    await sandbox.writeTalosconfig(talosconfigPath);
    const target = { talosconfigPath, clock: sandbox.clock };
    const { stdout } = await talosctl(target, "kubeconfig -n 10.5.0.2 -");
    // deno-lint-ignore no-explicit-any -- the text of a kubeconfig
    const { clusters: [{ cluster }], users: [{ user }] } = load(stdout) as any;
    return {
      url: cluster.server,
      caPem: atob(cluster["certificate-authority-data"]),
      cert: atob(user["client-certificate-data"]),
      key: atob(user["client-key-data"]),
    };
  } finally {
    await Deno.remove(talosconfigPath);
  }
}

/** Asks as kubectl does, or without showing who asks. */
async function ask(
  { url, caPem, cert, key }: Access,
  path: string,
  init: RequestInit = {},
  isKnown = true,
) {
  const caCerts = [caPem];
  using client = Deno.createHttpClient(isKnown ? { caCerts, cert, key } : { caCerts });
  const response = await fetch(`${url}${path}`, { ...init, client });
  return { status: response.status, body: await response.json() };
}

Deno.test("a kubeconfig leads to nodes and pods, and lets its owner cordon a node", async () => {
  await using sandbox = await startSandbox({ workers: 1, seed: 1 });
  const access = await accessOf(sandbox);
  const [controlPlane, worker] = ["talos-default-controlplane-1", "talos-default-worker-1"];

  const nodes = await ask(access, "/api/v1/nodes");
  const pods = await ask(access, `/api/v1/pods?fieldSelector=spec.nodeName%3D${worker}`);
  const patched = await ask(access, `/api/v1/nodes/${worker}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ spec: { unschedulable: true } }),
  });
  const { body: node } = await ask(access, `/api/v1/nodes/${worker}`);

  // deno-lint-ignore no-explicit-any -- JSON
  const names = (list: any) => list.items.map((item: any) => item.metadata.name);
  assert.match(access.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.deepEqual(names(nodes.body), [controlPlane, worker]);
  assert.deepEqual(
    names(pods.body).map((name: string) => name.replace(/(-[a-z\d]{10})?-[a-z\d]{5}$/, "")),
    ["kube-flannel", "kube-proxy", "coredns", "web"],
  );
  assert.equal(patched.status, 200);
  assert.equal(node.spec.unschedulable, true);
  assert.equal(node.status.conditions[0].status, "True");
  assert.equal(node.status.nodeInfo.osImage, "Talos (v1.14.0-beta.1)");
});

/** What a client looks for first, and what is not there. */
const paths: [string, number, string][] = [
  ["/version", 200, "gitVersion"],
  ["/api", 200, "versions"],
  ["/apis", 200, "groups"],
  ["/api/v1", 200, "resources"],
  ["/api/v1/nodes/nosuch", 404, 'nodes "nosuch" not found'],
  ["/api/v1/namespaces/default/pods/nosuch", 404, 'pods "nosuch" not found'],
  ["/apis/apps/v1/deployments", 404, "the server could not find the requested resource"],
];

Deno.test("the API says what it has and what it has not", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const access = await accessOf(sandbox);
  for (const [path, status, text] of paths) {
    const answer = await ask(access, path);

    assert.equal(answer.status, status, path);
    assert(JSON.stringify(answer.body).includes(JSON.stringify(text).slice(1, -1)), path);
  }
});

Deno.test("nobody is let in without a certificate of the cluster", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const access = await accessOf(sandbox);

  const { status, body } = await ask(access, "/api/v1/nodes", {}, false);

  assert.deepEqual([status, body.kind, body.message], [401, "Status", "Unauthorized"]);
});

Deno.test("an evicted pod goes, and another one takes its place on a node that takes pods", async () => {
  await using sandbox = await startSandbox({ workers: 1, seed: 1 });
  const access = await accessOf(sandbox);
  const list = async () => (await ask(access, "/api/v1/namespaces/default/pods")).body.items;
  const [, second] = await list();
  const { name } = second.metadata;
  const evict = () =>
    ask(access, `/api/v1/namespaces/default/pods/${name}/eviction`, { method: "POST", body: "{}" });

  sandbox.kubernetes.budgets.set("default/web", 0);
  const refused = await evict();
  sandbox.kubernetes.budgets.delete("default/web");
  const evicted = await evict();
  const going = await list();
  sandbox.clock.advance(5000);
  const gone = await list();

  assert.deepEqual([refused.status, evicted.status], [429, 201]);
  assert.equal(
    refused.body.message,
    "Cannot evict pod as it would violate the pod's disruption budget.",
  );
  assert.equal(going[1].metadata.name, name);
  assert.notEqual(going[1].metadata.deletionTimestamp, undefined);
  assert.equal(gone.length, 2);
  assert.notEqual(gone[1].metadata.name, name);
});

Deno.test("without a control plane that is up nobody answers, and with the sandbox the API ends", async () => {
  const sandbox = await startSandbox({ seed: 1 });
  const access = await accessOf(sandbox);
  const [node] = sandbox.nodes;

  node?.api.set(false);
  await assert.rejects(ask(access, "/version"));
  node?.api.set(true);
  const { status } = await ask(access, "/version");
  await sandbox[Symbol.asyncDispose]();

  assert.equal(status, 200);
  using kubernetes = createKubernetesClient({
    server: access.url,
    authorityPem: access.caPem,
    certificatePem: access.cert,
    keyPem: access.key,
  });
  const { signal } = new AbortController();
  await assert.rejects(kubernetes.request("/version", { signal }), {
    status: 0,
    message: `Get "${access.url}/version": client error (Connect): tcp connect error: ` +
      "Connection refused (os error 111)",
  });
});
