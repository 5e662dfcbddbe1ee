/** Resources of simulated nodes follow the nodes: services, stage, names, configuration, clock. */

import assert from "node:assert/strict";
import { applyChange } from "../../plugins/sandbox/changes.ts";
import type { StoreEvent } from "../../plugins/sandbox/cosi_store.ts";
import type { SandboxNode } from "../../plugins/sandbox/node.ts";
import { readNodeConfig } from "../../plugins/sandbox/node_config.ts";
import { startSandbox } from "../../plugins/sandbox/start.ts";
import { talosctl } from "../talosctl.ts";

Deno.test("a stopped service is gone from the services, and the node is no longer ready", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const node = first(sandbox.nodes);
  const services = () => ids(node, "runtime", "Services.v1alpha1.talos.dev");
  const before = services();
  const seen: string[] = [];
  const stop = node.resources.subscribe(
    "runtime",
    machineStatus,
    (event) => seen.push(kindOf(event)),
  );

  applyChange(
    node,
    { kind: "service", id: "etcd", state: "Finished", message: "" },
    { at: sandbox.clock.now() },
  );
  stop();

  assert.ok(before.includes("etcd"));
  assert.deepEqual(services(), before.filter((id) => id !== "etcd"));
  assert.deepEqual(ids(node, "etcd", "EtcdMembers.etcd.talos.dev"), []);
  const status = node.resources.get("runtime", machineStatus, "machine");
  assert.equal(
    status?.yamlSpec,
    `stage: running
status:
    ready: false
    unmetConditions:
        - name: services
          reason: etcd not running
`,
  );
  assert.deepEqual(seen, ["UPDATED machine@10"]);
});

Deno.test("without its kubelet a node has no status in Kubernetes and says so", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const node = first(sandbox.nodes);
  const nodeStatuses = () => ids(node, "k8s", "NodeStatuses.kubernetes.talos.dev");
  const before = nodeStatuses();

  applyChange(
    node,
    { kind: "service", id: "kubelet", state: "Finished", message: "" },
    { at: sandbox.clock.now() },
  );

  assert.deepEqual(before, ["talos-default-controlplane-1"]);
  assert.deepEqual(nodeStatuses(), []);
  assert.match(
    node.resources.get("runtime", machineStatus, "machine")?.yamlSpec ?? "",
    /reason: kubelet not running\n {8}- name: nodeReady\n {10}reason: node "talos-default-controlplane-1" status is not available yet\n$/,
  );
});

Deno.test("a stage is seen by whoever watches the machine, and its first time stays", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const node = first(sandbox.nodes);
  const before = node.resources.get("runtime", machineStatus, "machine");
  sandbox.clock.advance(5000);
  const seen: string[] = [];
  const stop = node.resources.subscribe(
    "runtime",
    machineStatus,
    (event) => seen.push(kindOf(event)),
  );

  applyChange(node, { kind: "stage", stage: "rebooting" }, { at: sandbox.clock.now() });
  stop();
  applyChange(node, { kind: "stage", stage: "running" }, { at: sandbox.clock.now() });

  const after = node.resources.get("runtime", machineStatus, "machine");
  assert.deepEqual(seen, ["UPDATED machine@10"]);
  assert.equal(before?.version, 9);
  assert.equal(after?.version, 11);
  assert.equal(after?.created.toISOString(), "2026-11-21T10:25:20.000Z");
  assert.equal(after?.updated.toISOString(), "2026-11-21T10:26:05.000Z");
});

Deno.test("a new hostname reaches every resource that carries it, on other nodes too", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, workers: 1, seed: 1 });
  const [node, other] = sandbox.nodes;
  assert.ok(node !== undefined && other !== undefined);
  const hostname = () =>
    node.resources.get("network", "HostnameStatuses.net.talos.dev", "hostname");
  const before = hostname()?.version;
  ids(other, "cluster", "Members.cluster.talos.dev");

  node.hostname = "renamed";

  assert.equal(hostname()?.version, (before ?? 0) + 1);
  assert.equal(hostname()?.yamlSpec, 'hostname: renamed\ndomainname: ""\n');
  assert.deepEqual(ids(other, "cluster", "Members.cluster.talos.dev"), [
    "renamed",
    "talos-default-worker-1",
  ]);
  assert.deepEqual(ids(node, "k8s", "StaticPodStatuses.kubernetes.talos.dev"), [
    "kube-system/kube-apiserver-renamed",
    "kube-system/kube-controller-manager-renamed",
    "kube-system/kube-scheduler-renamed",
  ]);
});

Deno.test("both ids of the machine configuration carry what the node was given, for administrators", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const node = first(sandbox.nodes);
  const get = (id: string) => node.resources.get("config", "MachineConfigs.config.talos.dev", id);
  const before = get("v1alpha1");
  const talosconfigPath = await Deno.makeTempFile();

  node.config = node.disk.config = await readNodeConfig(
    "version: v1alpha1\nmachine: {type: controlplane}\n",
  );

  assert.equal(before?.version, 1);
  assert.match(before?.yamlSpec ?? "", /^\|\n {4}version: v1alpha1\n[^]* {8}type: controlplane\n/);
  assert.equal(
    get("v1alpha1")?.yamlSpec,
    "|\n    version: v1alpha1\n    machine: {type: controlplane}\n",
  );
  assert.equal(get("persistent")?.version, 2);
  assert.deepEqual(get("persistent")?.annotations, { "talos.dev/yaml-spec": "1" });
  try {
    await sandbox.writeTalosconfig(talosconfigPath, "os:reader");
    const { code, stderr } = await talosctl(
      { talosconfigPath, clock: sandbox.clock },
      "-n 10.5.0.2 get mc",
    );
    assert.equal(code, 1);
    assert.match(stderr, /code = PermissionDenied desc = not authorized\n$/);
  } finally {
    await Deno.remove(talosconfigPath);
  }
});

Deno.test("processor times grow with the clock", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const node = first(sandbox.nodes);
  const idle = () => {
    const spec = node.resources.get("perf", "CPUStats.perf.talos.dev", "latest")?.yamlSpec ?? "";
    return Number(/cpuTotal:\n(?: {4}.*\n)*? {4}idle: ([\d.]+)/.exec(spec)?.[1]);
  };
  const before = idle();

  sandbox.clock.advance(100_000);

  assert.ok(before > 0);
  assert.ok(idle() > before + 150, `${idle()}`);
});

Deno.test("what was put by hand stays, and what was removed does not come back", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 1, seed: 1 });
  const { resources } = first(sandbox.nodes);
  const type = "HostnameStatuses.net.talos.dev";
  const put = {
    namespace: "network",
    type,
    yamlSpec: "hostname: mine\n",
    protoSpec: new Uint8Array(),
  };

  resources.put({ ...put, id: "hostname" });
  const kept = resources.get("network", type, "hostname");
  resources.remove("network", type, "hostname");

  assert.equal(kept?.yamlSpec, "hostname: mine\n");
  assert.equal(kept?.version, 2);
  assert.deepEqual(resources.list("network", type), []);
});

const machineStatus = "MachineStatuses.runtime.talos.dev";

function first(nodes: readonly SandboxNode[]): SandboxNode {
  const [node] = nodes;
  if (node === undefined) throw new Error("a sandbox without nodes");
  return node;
}

function ids(node: SandboxNode, namespace: string, type: string): readonly string[] {
  return node.resources.list(namespace, type).map(({ id }) => id);
}

function kindOf({ kind, resource }: StoreEvent): string {
  return `${kind} ${resource.id}@${resource.version}`;
}
