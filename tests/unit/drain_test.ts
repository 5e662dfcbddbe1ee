/** Draining nodes and letting pods back: what is shown, what is evicted, and what a disruption budget does (spec/machine-ops.md, 9.4). */

import assert from "node:assert/strict";
import { reporter } from "../../cli/reporter.ts";
import { type DrainContext, drainNodes, uncordonNodes } from "../../core/drain/drain.ts";
import { CliError } from "../../core/errors.ts";
import { fetchAdminAccess } from "../../core/kubernetes/admin_access.ts";
import { createKubernetesClient } from "../../core/kubernetes/api_client.ts";
import { type Sandbox, startSandbox } from "../../mod.ts";
import { testClient } from "../talos_client.ts";

const times = { retryMs: 10, lookMs: 10, readyMs: 10 };
const minuteMs = 60_000;

/** A context whose stderr can be read, and the cluster's Kubernetes API. */
async function openContext(
  sandbox: Sandbox,
  { isTerminal = false, roles = [] as string[], interrupt = new AbortController() } = {},
) {
  const talos = testClient({
    config: await sandbox.talosconfig(...roles),
    signal: interrupt.signal,
  });
  let stderr = "";
  const info = { isTerminal, width: 80, color: isTerminal };
  const now = (bytes: Uint8Array) => void (stderr += new TextDecoder().decode(bytes));
  const ctx: DrainContext = {
    talos,
    signal: interrupt.signal,
    out: { stdout: info, stderr: info },
    progress: reporter({ now }, info),
    note: (line) => void (stderr += `${line}\n`),
  };
  return {
    ctx,
    stderr: () => stderr,
    get: async (path: string) => {
      using kubernetes = createKubernetesClient(await fetchAdminAccess(talos));
      return await kubernetes.request(path, { signal: interrupt.signal });
    },
    [Symbol.asyncDispose]: () => talos[Symbol.asyncDispose](),
  };
}

/** The text of the error that something ends with; undefined where it goes well. */
async function errorOf(promise: Promise<void>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return error.message;
  }
}

/** The names of pods, without what is random in them, and their nodes. */
function placed(list: unknown): string[] {
  const { items } = list as {
    items: { metadata: { namespace: string; name: string }; spec: { nodeName?: string } }[];
  };
  return items.map(({ metadata: { namespace, name }, spec: { nodeName } }) =>
    `${namespace}/${name.replace(/(?:-[bcdfghjklmnpqrstvwxz2456789]{5,})+$/, "")} on ${
      nodeName ?? "none"
    }`
  ).sort();
}

Deno.test("a drained node keeps its static pods and those of daemon sets, and gets no others", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1, speed: 100 });
  await using context = await openContext(sandbox);

  const error = await errorOf(
    drainNodes(context.ctx, ["10.5.0.2"], { timeoutMs: minuteMs, times }),
  );

  assert.equal(error, undefined);
  const name = "talos-default-controlplane-1";
  const lines = context.stderr().split("\n");
  const evicting = lines.filter((line) => line.includes(": evict"))
    .map((line) => line.replace(/-[^-]+-[^-]+$/, "")).sort();
  assert.deepEqual(lines.slice(0, 3), [
    `${name}: cordoning node`,
    `${name}: node cordoned`,
    `${name}: draining node`,
  ]);
  assert.deepEqual(evicting, [
    `${name}: evicted pod default/web`,
    `${name}: evicted pod kube-system/coredns`,
    `${name}: evicting pod default/web`,
    `${name}: evicting pod kube-system/coredns`,
  ]);
  assert.deepEqual(lines.slice(-2), [`${name}: node drained`, ""]);
  const left = placed(await context.get(`/api/v1/pods?fieldSelector=spec.nodeName%3D${name}`));
  assert.deepEqual(left, [
    `kube-system/kube-apiserver-${name} on ${name}`,
    `kube-system/kube-controller-manager-${name} on ${name}`,
    `kube-system/kube-flannel on ${name}`,
    `kube-system/kube-proxy on ${name}`,
    `kube-system/kube-scheduler-${name} on ${name}`,
  ]);
  const elsewhere = placed(await context.get("/api/v1/namespaces/default/pods"));
  assert.deepEqual(elsewhere, Array(2).fill("default/web on talos-default-worker-1"));
});

Deno.test("on a terminal the latest of all nodes stands in one place, and ends in green", async () => {
  await using sandbox = await startSandbox({ workers: 1, speed: 100 });
  await using context = await openContext(sandbox, { isTerminal: true });
  const [worker, controlPlane] = ["talos-default-worker-1", "talos-default-controlplane-1"];

  await drainNodes(context.ctx, ["10.5.0.3", "10.5.0.2"], { timeoutMs: minuteMs, times });
  const drained = context.stderr();
  await uncordonNodes(context.ctx, ["10.5.0.3", "10.5.0.2"], { timeoutMs: minuteMs, times });
  const uncordoned = context.stderr().slice(drained.length);

  assert(drained.startsWith("\x1b[33m◰ talos-default-"));
  assert(drained.includes(": cordoning node\x1b[0m\n\x1b[A\x1b[K\x1b[33m◳ "));
  assert(drained.endsWith(
    `\x1b[32m${controlPlane}: node drained\n${worker}: node drained\x1b[0m\n`,
  ));
  assert.match(uncordoned, /talos-default-\S+: waiting for node to become Ready/);
  assert(uncordoned.endsWith(
    `\x1b[32m${controlPlane}: node uncordoned\n${worker}: node uncordoned\x1b[0m\n`,
  ));
});

Deno.test("a disruption budget holds an eviction up until it allows it", async () => {
  await using sandbox = await startSandbox({ workers: 1, speed: 100 });
  await using context = await openContext(sandbox);
  sandbox.kubernetes.budgets.set("default/web", 0);

  const draining = drainNodes(context.ctx, ["10.5.0.3"], {
    timeoutMs: minuteMs,
    times: {
      ...times,
      // Read when the first refusal has come.
      get retryMs() {
        sandbox.kubernetes.budgets.set("default/web", 1);
        return times.retryMs;
      },
    },
  });

  assert.equal(await errorOf(draining), undefined);
  assert.match(context.stderr(), /evicted pod default\/web-/);
});

Deno.test("a budget that never allows it fails the drain in kubectl's words, and other nodes drain on", async () => {
  await using sandbox = await startSandbox({ workers: 2, speed: 100 });
  await using context = await openContext(sandbox);
  sandbox.kubernetes.budgets.set("kube-system/coredns", 0);

  const error = await errorOf(
    drainNodes(context.ctx, ["10.5.0.3", "10.5.0.4"], { timeoutMs: 1000, times }),
  );

  const name = "talos-default-worker-1";
  const [, pod] = /evicting pod kube-system\/(coredns-\S+)/.exec(context.stderr()) ?? [];
  const reason = `failed to drain node "${name}": `;
  const text = `error when evicting pods/"${pod}" -n "kube-system": global timeout reached: 1s`;
  assert.equal(error, `error draining node "${name}": ${reason}${text}`);
  const lines = context.stderr().split("\n");
  assert(lines.includes(`${name}: failed to evict pod kube-system/${pod}: ${text}`));
  assert(lines.includes(`${name}: error cordoning node: ${text}`));
  assert(lines.includes("talos-default-worker-2: node drained"));
});

Deno.test("letting pods back waits for a node until it is ready, and says when that took too long", async () => {
  await using sandbox = await startSandbox({ workers: 1, speed: 100 });
  await using context = await openContext(sandbox);
  const [, worker] = sandbox.nodes;
  assert(worker !== undefined && worker.services.size > 0);
  const name = worker.hostname;
  await drainNodes(context.ctx, ["10.5.0.3"], { timeoutMs: minuteMs, times });
  worker.progress.isReadyInKubernetes = false;

  const late = await errorOf(uncordonNodes(context.ctx, ["10.5.0.3"], { timeoutMs: 50, times }));
  const before = context.stderr().length;
  const waiting = uncordonNodes(context.ctx, ["10.5.0.3"], {
    timeoutMs: minuteMs,
    times: {
      ...times,
      get readyMs() {
        worker.progress.isReadyInKubernetes = true;
        return times.readyMs;
      },
    },
  });
  await waiting;

  assert.equal(
    late,
    `error waiting for node "${name}" to become Ready: context deadline exceeded`,
  );
  assert.equal(
    context.stderr().slice(before),
    ["waiting for node to become Ready", "uncordoning node", "node uncordoned"]
      .map((text) => `${name}: ${text}\n`).join(""),
  );
  const { spec } = await context.get(`/api/v1/nodes/${name}`) as { spec: object };
  assert.deepEqual(spec, {});
});

Deno.test("who may not have a kubeconfig is told so, and nothing is cordoned", async () => {
  await using sandbox = await startSandbox({ speed: 100 });
  await using context = await openContext(sandbox, { roles: ["os:operator"] });
  const options = { timeoutMs: minuteMs, times };

  const draining = await errorOf(drainNodes(context.ctx, ["10.5.0.2"], options));
  const uncordoning = await errorOf(uncordonNodes(context.ctx, ["10.5.0.2"], options));

  const reason = "error fetching kubeconfig from Talos API: " +
    "rpc error: code = PermissionDenied desc = not authorized";
  assert.equal(draining, `error creating Kubernetes client for drain: ${reason}`);
  assert.equal(uncordoning, `error creating Kubernetes client for uncordon: ${reason}`);
  assert.equal(
    context.stderr(),
    `error creating Kubernetes client for uncordon: ${reason}\n`,
  );
});

Deno.test("a node whose name cannot be had is named as the user wrote it, and the others are drained", async () => {
  await using sandbox = await startSandbox({ workers: 2, speed: 100 });
  await using context = await openContext(sandbox);
  await sandbox.fault("10.5.0.3", "down");

  const error = await errorOf(
    drainNodes(context.ctx, ["10.5.0.3", "10.5.0.4"], { timeoutMs: minuteMs, times }),
  );

  assert.equal(
    error,
    "error resolving Kubernetes node name for 10.5.0.3: " +
      "error getting Kubernetes node name from Talos API: " +
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while ' +
      'dialing: dial tcp 10.5.0.3:50000: connect: connection refused"',
  );
  assert.match(context.stderr(), /talos-default-worker-2: node drained\n$/);
});

/** Kubeconfigs that lead nowhere, and what is said of them. */
const badKubeconfigs: [string, string, RegExp][] = [
  ["no YAML", "a: [", /^error creating Kubernetes client for drain: error parsing kubeconfig: /],
  [
    "no context",
    "current-context: a",
    /^error creating Kubernetes client for drain: error building REST config: .*no "a" in its contexts$/,
  ],
  [
    "no certificate",
    "{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}], " +
    "clusters: [{name: c, cluster: {server: s, certificate-authority-data: ''}}], " +
    "users: [{name: u, user: {token: t}}]}",
    /^error creating Kubernetes client for drain: error building REST config: .*no client-certificate-data$/,
  ],
];

for (const [what, kubeconfig, expected] of badKubeconfigs) {
  Deno.test(`a kubeconfig with ${what} is said to be one`, async () => {
    await using sandbox = await startSandbox({ speed: 100 });
    await using context = await openContext(sandbox);
    const [node] = sandbox.nodes;
    assert(node !== undefined);
    node.kubeconfig = kubeconfig;

    const error = await errorOf(
      drainNodes(context.ctx, ["10.5.0.2"], { timeoutMs: minuteMs, times }),
    );

    assert.match(error ?? "", expected);
  });
}

Deno.test("Ctrl-C ends a drain that waits, and the node stays cordoned", async () => {
  await using sandbox = await startSandbox({ workers: 1, speed: 100 });
  const interrupt = new AbortController();
  await using context = await openContext(sandbox, { interrupt });
  await using other = await openContext(sandbox);
  sandbox.kubernetes.budgets.set("default/web", 0);

  const error = await errorOf(drainNodes(context.ctx, ["10.5.0.3"], {
    timeoutMs: minuteMs,
    times: {
      ...times,
      get retryMs() {
        interrupt.abort();
        return minuteMs;
      },
    },
  }));

  assert.match(error ?? "", /failed to drain node "talos-default-worker-1": .*context canceled/);
  const { spec } = await other.get("/api/v1/nodes/talos-default-worker-1") as { spec: object };
  assert.deepEqual(spec, { unschedulable: true });
});
