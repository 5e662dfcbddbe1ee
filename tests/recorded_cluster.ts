/** The cluster of tests/golden/recordings as a sandbox: its nodes, its odd endpoints, and its talosconfig. */

import { applyPatch } from "diff";
import { createAuthority } from "../core/pki/authority.ts";
import { renderTalosconfig } from "../core/talosconfig/save.ts";
import type { Talosconfig, TalosconfigContext } from "../core/talosconfig/talosconfig.ts";
import { startSandbox } from "../mod.ts";
import { applyChange } from "../plugins/sandbox/changes.ts";
import { etcdOf } from "../plugins/sandbox/etcd/etcd_cluster.ts";
import type { EventPayload } from "../plugins/sandbox/event_log.ts";
import type { SandboxNode } from "../plugins/sandbox/node.ts";
import { readNodeConfig } from "../plugins/sandbox/node_config.ts";
import type { Sandbox, SandboxOptions } from "../plugins/sandbox/start.ts";
import { imageRecords } from "../plugins/sandbox/system/images.ts";

/** What a recorded command line is run against. */
export interface RecordedCluster extends AsyncDisposable {
  /** Every endpoint's, in the place of 50000. */
  port: number;
  /** The end of the client certificates. */
  certificateEnd: Date;
  /** A file with all contexts of the recordings; endpoints carry the port, or stand as they were recorded. */
  talosconfig(endpoints: "with port" | "as recorded"): string;
  /** Has nodes serve with the cluster's own authority, whatever the recorded one in their configurations. */
  keepAuthority(): void;
  /** Somebody has pulled an image on each node. */
  pullImages(): void;
  /** The image of the kubelet was asked for, and is not there: what the later recordings saw. */
  failKubelet(): void;
  /** Resolves when nobody listens at a node's address any more. */
  isDown(host: string): Promise<void>;
  /** Resolves when an endpoint has received another call of this method, or has not for 10 s. */
  called(method: string): Promise<void>;
}

const hourMs = 3_600_000;
const recordedDatabaseBytes = 24_576;
const clientLifetimeMs = 365 * 24 * hourMs;
const hostnames = ["talos-cp-1", "talos-cp-2", "talos-worker-1", "talos-maint-1"];
const nodeHosts = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"];
const deadHosts = ["127.0.0.66", "127.0.0.67"];
const oddEndpoints = [
  ["127.0.0.68", "black-hole"],
  ["127.0.0.69", "plain-http"],
  ["127.0.0.70", "close"],
] as const;

/**
 * Starts the nodes and the odd endpoints, all on one port.
 *
 * @param options What the nodes run on, which in containers refuse to restart, and how slowly they do elsewhere.
 */
export async function startRecordedCluster(
  options: Pick<SandboxOptions, "platform" | "speed"> = { platform: "container" },
): Promise<RecordedCluster> {
  const port = freePort([...nodeHosts, ...deadHosts, ...oddEndpoints.map(([host]) => host)]);
  const withPort = (host: string) => `${host}:${port}`;
  await using stack = new AsyncDisposableStack();
  const sandbox = stack.use(
    await startSandbox({
      name: "realsrv",
      ...options,
      controlPlanes: 2,
      workers: 1,
      maintenance: 1,
      listen: "all",
      addresses: nodeHosts.map(withPort),
    }),
  );
  for (const [index, node] of sandbox.nodes.entries()) node.hostname = hostnames[index] ?? "";
  etcdOf(sandbox).databaseBytes = recordedDatabaseBytes;
  shapeServices(sandbox);
  shapeStage(sandbox);
  const [cp1, cp2, worker] = sandbox.nodes;
  const { controlPlane, worker: workerConfig } = await recordedMachineConfigs();
  const configs = [
    [cp1, controlPlane.replace("talos-cp-2", "talos-cp-1")],
    [cp2, controlPlane],
    [worker, workerConfig],
  ] as const;
  for (const [node, text] of configs) {
    if (node === undefined) continue;
    node.config = node.disk.config = await readNodeConfig(text);
  }
  keepAuthority(sandbox);
  await sandbox.fault("time.cloudflare.com", "unknown-name");

  const odd = stack.use(
    await startSandbox({
      controlPlanes: oddEndpoints.length,
      addresses: oddEndpoints.map(([host]) => withPort(host)),
    }),
  );
  for (const [host, fault] of oddEndpoints) await odd.fault(withPort(host), fault);

  const { config, certificateEnd } = await recordedTalosconfig(sandbox);
  const started = stack.move();
  return {
    port,
    certificateEnd,
    talosconfig: (endpoints) =>
      renderTalosconfig(endpoints === "with port" ? mapEndpoints(config, withPort) : config),
    keepAuthority: () => keepAuthority(sandbox),
    pullImages: () => pullImages(sandbox),
    failKubelet: () => failKubelet(sandbox),
    isDown: (host) => isDown(host, port),
    called: (method) => called(sandbox, method),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function keepAuthority({ nodes }: Sandbox): void {
  for (const node of nodes) {
    if (node.config === undefined) continue;
    node.config = node.disk.config = { ...node.config, authority: undefined };
  }
}

async function isDown(hostname: string, port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    try {
      (await Deno.connect({ hostname, port })).close();
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused) return;
      // Caught while the listener closes: the next try will be refused.
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${hostname} still listens after 30 s`);
}

/** A port that nobody has on any of these addresses. */
function freePort(hosts: readonly string[]): number {
  while (true) {
    const probes: Deno.TcpListener[] = [];
    try {
      for (const hostname of hosts) {
        probes.push(Deno.listen({ hostname, port: probes[0]?.addr.port ?? 0 }));
      }
      return probes[0]?.addr.port ?? 0;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    } finally {
      for (const probe of probes) probe.close();
    }
  }
}

/** What services waited for is a matter of moments, and no kubelet came up where its image could not be had. */
function shapeServices({ nodes }: Sandbox): void {
  const [cp1, cp2] = nodes;
  addWait(cp1, "apid", 'Waiting for service "containerd" to be "up", config to be ready');
  addWait(cp2, "etcd", 'Waiting for service "cri" to be "up"');
  for (const node of nodes) {
    const kubelet = node.services.get("kubelet");
    if (kubelet === undefined) continue;
    addWait(node, "kubelet", 'Waiting for service "cri" to be "up"');
    const last = kubelet.events.findIndex(({ message }) => message === "Running pre state");
    kubelet.events = kubelet.events.slice(0, last + 1);
    kubelet.state = "Preparing";
    kubelet.isHealthy = undefined;
  }
}

/** One more event of waiting, behind the one that is there. */
function addWait(node: SandboxNode | undefined, id: string, message: string): void {
  const service = node?.services.get(id);
  if (service === undefined) throw new Error(`no service "${id}" to shape`);
  const at = service.events.findIndex(({ state }) => state === "Waiting");
  const before = service.events[at];
  if (before === undefined) throw new Error(`service "${id}" did not wait`);
  service.events = service.events.toSpliced(at + 1, 0, { ...before, message });
}

/** The first node took up etcd when the others had ended their boot; without a kubelet none is ready. */
function shapeStage({ nodes, clock }: Sandbox): void {
  const [cp1] = nodes;
  for (const node of nodes.filter(({ config }) => config !== undefined)) {
    if (node === cp1) node.stage = "booting";
    for (const payload of node === cp1 ? lateEtcd : endOfBoot) {
      if (payload !== "not ready") node.events.publish(clock.now(), payload);
      else {
        const progress = { isReadyInKubernetes: false };
        applyChange(node, { kind: "progress", progress }, { at: clock.now() });
      }
    }
  }
}

function etcdEvent(
  action: "FINISHED" | "STARTING" | "WAITING" | "PREPARING" | "RUNNING",
  message: string,
  service = "etcd",
): EventPayload {
  return { type: "ServiceStateEvent", message: { service, action, message } };
}

const lateEtcd: readonly (EventPayload | "not ready")[] = [
  etcdEvent("RUNNING", "Health check successful", "trustd"),
  etcdEvent("FINISHED", "Service finished successfully"),
  etcdEvent("FINISHED", "Bootstrap requested"),
  etcdEvent("STARTING", "Starting service"),
  etcdEvent(
    "WAITING",
    'Waiting for volumes /var/lib, ETCD to be mounted, service "cri" to be "up", time sync, network, etcd spec',
  ),
  etcdEvent("PREPARING", "Running pre state"),
  etcdEvent("PREPARING", "Creating service runner"),
  etcdEvent("RUNNING", "Started task etcd (PID 184) for container etcd"),
  "not ready",
  etcdEvent("RUNNING", "Health check successful"),
];

const endOfBoot: readonly (EventPayload | "not ready")[] = [
  { type: "PhaseEvent", message: { phase: "startEverything", action: "STOP" } },
  { type: "SequenceEvent", message: { sequence: "boot", action: "STOP" } },
  "not ready",
];

/** What `get mc` showed of the worker, and what a dry run showed to be different in that of the second control plane. */
export async function recordedMachineConfigs(): Promise<{ worker: string; controlPlane: string }> {
  const shown = await readRecorded("get-mc-yaml/stdout");
  const [first = ""] = shown.split("\n---\n");
  const at = first.indexOf("spec: |\n") + "spec: |\n".length;
  const worker = `${first.slice(at).replace(/^ {4}/gm, "").trimEnd()}\n`;
  const dryRun = await readRecorded("apply-dry-change/stderr");
  const differences = dryRun.slice(dryRun.indexOf("--- a\n")).trimEnd() + "\n";
  // A dry run shows configurations as nodes write them.
  const controlPlane = applyPatch(worker.replace('"off"', "'off'"), differences);
  if (controlPlane === false) throw new Error("the recorded differences do not fit");
  return { worker, controlPlane };
}

async function readRecorded(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(`golden/recordings/${path}`, import.meta.url));
}

const pulledSizeBytes = 1_100_000;

function pullImages({ nodes }: Sandbox): void {
  for (const [index, node] of nodes.entries()) {
    const reference = `docker.io/library/${index === 2 ? "busybox:latest" : "alpine:3.20"}`;
    for (const record of imageRecords(node, { namespace: "cri", reference })) {
      node.images.cri.set(record.name, { ...record, sizeBytes: pulledSizeBytes });
    }
  }
}

const lookAgainMs = 20;
const mostLooks = 500;

/** Nothing tells of a call, so it is looked for. */
function called({ calls }: Sandbox, method: string): Promise<void> {
  const count = () => calls.filter((call) => call.method.endsWith(method)).length;
  const before = count();
  let looks = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (count() === before && ++looks < mostLooks) return;
      clearInterval(timer);
      resolve();
    }, lookAgainMs);
  });
}

function failKubelet({ nodes, clock }: Sandbox): void {
  const image = "ghcr.io/siderolabs/kubelet:v1.37.0-rc.1";
  const message = `Failed to run pre stage: 1 error(s) occurred:\n\t` +
    `failed to pull image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  for (const node of nodes) {
    if (!node.services.has("kubelet")) continue;
    applyChange(node, { kind: "service", id: "kubelet", state: "Failed", message }, {
      at: clock.now(),
    });
  }
}

/** All contexts of the recordings, by the talosconfig that `config contexts` showed. */
async function recordedTalosconfig(sandbox: Sandbox) {
  const { certificatePem: caPem, issue } = await sandbox.pki.authority();
  const now = new Date();
  const client = (organizations: string[], notBefore = now) =>
    ({ organizations, usage: ["clientAuth"], notBefore, lifetimeMs: clientLifetimeMs }) as const;
  const admin = client(["os:admin"]);
  const expired = client(["os:admin"], new Date(now.getTime() - clientLifetimeMs - hourMs));
  const stranger = await createAuthority({
    organization: "talos",
    notBefore: now,
    lifetimeMs: clientLifetimeMs,
  });
  const [first = "", second = "", third = ""] = nodeHosts;
  const all = [first, second, third];
  const adminPair = await issue(admin);
  const context = (
    endpoints: string[],
    { certificatePem, keyPem } = adminPair,
    ca = caPem,
  ): TalosconfigContext => ({
    endpoints,
    ca: btoa(ca),
    crt: btoa(certificatePem),
    key: btoa(keyPem),
    auth: {},
    cluster: "",
    proxyUrl: "",
  });
  const contexts = {
    realsrv: context(all),
    "realsrv-nodes": { ...context(all), nodes: all },
    "realsrv-one": { ...context([first]), nodes: [first] },
    reader: context([first], await issue(client(["os:reader"]))),
    operator: context([first], await issue(client(["os:operator"]))),
    "etcd-backup": context([first], await issue(client(["os:etcd:backup"]))),
    expired: context([first], await issue(expired)),
    otherca: context([first], adminPair, stranger.certificatePem),
    "otherca-clientcert": context([first], await stranger.issue(admin)),
    down: context(deadHosts),
  };
  const config: Talosconfig = { context: "realsrv", contexts: new Map(Object.entries(contexts)) };
  return { config, certificateEnd: new Date(now.getTime() + clientLifetimeMs) };
}

function mapEndpoints(config: Talosconfig, map: (host: string) => string): Talosconfig {
  const contexts = [...config.contexts].map(([name, context]) =>
    [name, { ...context, endpoints: (context.endpoints ?? []).map(map) }] as const
  );
  return { ...config, contexts: new Map(contexts) };
}
