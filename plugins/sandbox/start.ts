/** `startSandbox()`: a Talos cluster in this process, with real TLS endpoints on loopback addresses. */

import { isClientOnly, readClientIdentity } from "../../core/pki/client_certificate.ts";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";
import type { Talosconfig } from "../../core/talosconfig/talosconfig.ts";
import { apid } from "./apid.ts";
import type { Call, CallRecord } from "./call.ts";
import {
  apidCertificates,
  type ClusterPki,
  createClusterPki,
  maintenanceCertificates,
} from "./certificates.ts";
import { createClock, type SandboxClock } from "./clock.ts";
import { clusterBundle } from "./cluster_bundle.ts";
import { createCluster, type SandboxCluster } from "./cluster.ts";
import type { CosiStore } from "./cosi_store.ts";
import { createNode } from "./create_node.ts";
import { etcdOf } from "./etcd/etcd_cluster.ts";
import type { FaultKind } from "./fault_kinds.ts";
import type { Fault, FaultOptions } from "./faults.ts";
import type { SimulatedKubernetes } from "./kubernetes/api.ts";
import { Listener } from "./listener.ts";
import type { TaskHooks } from "./lifecycle/tasks.ts";
import { type ConfigPatches, type InitialConfigs, initialConfigs } from "./machine_config.ts";
import { authorityOf } from "./node_authority.ts";
import {
  isInMaintenance,
  type NodeConfig,
  type NodeVersion,
  type Platform,
  type SandboxNode,
} from "./node.ts";
import { planNodes } from "./plan.ts";
import { sharedResources } from "./shared_resources.ts";
import { talosconfigOf } from "./talosconfig.ts";

/** What the cluster is to be; everything has a default. */
export interface SandboxOptions {
  /** Default `talos-default`. */
  name?: string;
  /** Default 1. */
  controlPlanes?: number;
  /** Default 0. */
  workers?: number;
  /** Further nodes without a machine configuration. Default 0. */
  maintenance?: number;
  /** Ids follow from it, and with one the clock stands still until it is advanced. Default: 0, and real time. */
  seed?: number;
  /** Seconds of the nodes in one real second: what takes them minutes takes a test moments. Default 1, and 0 with a seed. */
  speed?: number;
  /** Default `metal`. */
  platform?: Platform;
  /** Which nodes can be dialled besides those in maintenance mode. Default `controlplanes`. */
  listen?: "controlplanes" | "all";
  /** The version tag of the nodes. Default `v1.14.0-beta.1`. */
  version?: string;
  /** Patches for the configurations of the nodes, as `gen config` takes them: each inline or `@file`. */
  configPatches?: Partial<ConfigPatches>;
  /** `host:port` of the listeners in order of the nodes, loopback only; port 0 picks one. Default `127.0.0.1:0`. */
  addresses?: readonly string[];
}

/** A running cluster. Disposing of it closes every connection. */
export interface Sandbox extends AsyncDisposable {
  /** The cluster's name. */
  readonly name: string;
  /** All nodes: control planes, workers, then those in maintenance mode. */
  readonly nodes: readonly SandboxNode[];
  /** `host:port` of each node that can be dialled with a client certificate, in order. */
  readonly endpoints: readonly string[];
  /** `host:port` of each node in maintenance mode, in order. */
  readonly maintenanceEndpoints: readonly string[];
  /** The time of the nodes. */
  readonly clock: SandboxClock;
  /** The cluster's CA: for credentials of other kinds than `talosconfig` gives. */
  readonly pki: ClusterPki;
  /**
   * Its Kubernetes API, which kubeconfigs lead to; only as much of it as draining nodes takes.
   * @internal
   */
  readonly kubernetes: SimulatedKubernetes;
  /** Calls as the endpoints received them, the last 10,000. */
  readonly calls: readonly CallRecord[];
  /** Endpoints and a client certificate for these roles, default `os:admin`; names no nodes. */
  talosconfig(...roles: string[]): Promise<Talosconfig>;
  /** The same, written to a file that only its owner can read. */
  writeTalosconfig(path: string, ...roles: string[]): Promise<void>;
  /** Switches a fault on for a node (address or hostname) or for one endpoint (`host:port`); it replaces the one before. */
  fault(target: string, kind: FaultKind, options?: FaultOptions): Promise<void>;
  /** Switches the target's fault off. */
  heal(target: string): Promise<void>;
  /** Presses the power button of a node (address or hostname) that was shut down. */
  powerOn(target: string): void;
}

/** Where a sandbox with a seed starts its clock. */
const seededStart = new Date("2026-11-21T10:26:00Z");
/** The software that the nodes run by default. */
export const currentVersion: NodeVersion = {
  tag: "v1.14.0-beta.1",
  sha: "undefined",
  goVersion: "go1.26.8",
  os: "linux",
  arch: "amd64",
};
const callCount = 10_000;
const clientLifetimeMs = 365 * 24 * 3_600_000;

/**
 * Starts a cluster and resolves when its endpoints listen.
 *
 * @throws {CliError} for patches that do not apply
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const life = new AbortController();
  const { cluster, configuring } = buildCluster(options, life.signal);
  const calls: CallRecord[] = [];
  const listeners = new Map<SandboxNode, Listener>();
  const listen = async (node: SandboxNode, address = "127.0.0.1:0") => {
    const listener = createListener(cluster, node, { ...parseAddress(address), calls });
    listeners.set(node, listener);
    await listener.open();
    node.endpoint = listener.address;
  };
  const close = async () => {
    life.abort();
    await closeAll(listeners.values());
    await cluster.kubernetes[Symbol.asyncDispose]();
  };
  const dialled = cluster.nodes.filter((node) =>
    options.listen === "all" || node.machineType !== "worker"
  );
  const listenAll = async () => {
    for (const [index, node] of dialled.entries()) {
      await listen(node, options.addresses?.[index]);
    }
  };
  // At the same time: the first key of a process waits for its source of random numbers.
  for (const part of await Promise.allSettled([configuring, listenAll()])) {
    if (part.status === "fulfilled") continue;
    await close();
    throw part.reason;
  }
  const follow = async (node: SandboxNode, isUp: boolean) => {
    const listener = listeners.get(node);
    if (life.signal.aborted) return;
    if (listener !== undefined) await listener.setPowered(isUp);
    // In maintenance mode no other node forwards to it, so it has to be dialled itself.
    else if (isUp && isInMaintenance(node)) await listen(node);
  };
  for (const node of cluster.nodes) {
    let last = Promise.resolve();
    node.api.follow((isUp) => last = last.then(() => follow(node, isUp)));
  }

  const endpointsOf = (isWanted: (node: SandboxNode) => boolean) =>
    [...listeners].filter(([node]) => isWanted(node)).map(([, listener]) => listener.address);
  const endpoints = () => endpointsOf((node) => !isInMaintenance(node));
  const talosconfig = async (...roles: string[]): Promise<Talosconfig> =>
    talosconfigOf({
      contextName: cluster.name,
      // A worker does not forward.
      endpoints: endpointsOf(({ machineType }) => machineType === "controlplane"),
      caPem: (await cluster.pki.authority()).certificatePem,
      client: await cluster.pki.client(roles.length > 0 ? roles : ["os:admin"], clientLifetimeMs),
    });
  return {
    name: cluster.name,
    nodes: cluster.nodes,
    clock: cluster.clock,
    pki: cluster.pki,
    kubernetes: cluster.kubernetes,
    calls,
    get endpoints() {
      return endpoints();
    },
    get maintenanceEndpoints() {
      return endpointsOf(isInMaintenance);
    },
    talosconfig,
    writeTalosconfig: async (path, ...roles) =>
      await Deno.writeTextFile(path, renderTalosconfig(await talosconfig(...roles)), {
        mode: 0o600,
      }),
    fault: (target, kind, numbers = {}) =>
      setFault(cluster, listeners, target, { kind, ...numbers }),
    heal: (target) => setFault(cluster, listeners, target, undefined),
    powerOn: (target) => cluster.find(target)?.lifecycle.powerOn(),
    [Symbol.asyncDispose]: close,
  };
}

async function setFault(
  cluster: SandboxCluster,
  listeners: ReadonlyMap<SandboxNode, Listener>,
  target: string,
  fault: Fault | undefined,
): Promise<void> {
  for (const listener of listeners.values()) {
    if (listener.address === target) return await listener.setFault(fault);
  }
  const node = cluster.find(target);
  if (node !== undefined) {
    node.fault = fault;
    // What another node is passing on from it breaks off too.
    if (fault?.kind === "down" || fault?.kind === "close") node.api.breakOff();
    await listeners.get(node)?.setFault(fault);
  } else if (fault === undefined) cluster.strangers.delete(target);
  else cluster.strangers.set(target, fault);
}

async function closeAll(listeners: Iterable<Listener>): Promise<void> {
  for (const listener of listeners) await listener[Symbol.asyncDispose]();
}

/** The cluster, and what tells when its nodes have their configurations. */
function buildCluster(
  options: SandboxOptions,
  signal: AbortSignal,
): { cluster: SandboxCluster; configuring: Promise<void> } {
  const { name = "talos-default", platform = "metal", seed = 0 } = options;
  const { controlPlanes = 1, workers = 0, maintenance = 0 } = options;
  const start = options.seed === undefined ? undefined : seededStart;
  const clock = createClock({ start, speed: options.speed });
  const version = { ...currentVersion, tag: options.version ?? currentVersion.tag };
  const hooks: TaskHooks = {
    mayRun: (node, service) => service !== "etcd" || etcdOf({ clock }).join(node),
    leaveEtcd: (node) => etcdOf({ clock }).leave(node),
    wiped: (node, labels) => {
      if (labels.includes("EPHEMERAL")) etcdOf({ clock }).removed(node);
    },
  };
  let shared: CosiStore | undefined;
  let configs: InitialConfigs | undefined;
  const planned = planNodes({ name, controlPlanes, workers, maintenance });
  const nodes: readonly SandboxNode[] = planned.map((plan) =>
    createNode({
      ...plan,
      platform,
      version: { ...version },
      seed,
      clock,
      sharedResources: () => shared ??= sharedResources(clock, nodes),
      cluster: { name, seed, clock, nodes: () => nodes },
      hooks,
      initialConfigs: (type) => {
        if (configs === undefined) {
          throw new Error("a node was looked at before its cluster started");
        }
        return configs(type);
      },
      signal,
    })
  );
  const cluster = createCluster({ name, nodes, clock, pki: createClusterPki() });
  const configure = async () => {
    const address = nodes[0]?.addresses[0] ?? "";
    const common = { clusterName: name, address, platform, version: version.tag };
    const none = { common: [], controlPlane: [], worker: [] };
    const patches = { ...none, ...options.configPatches };
    configs = await initialConfigs(common, await clusterBundle({ name, seed }, cluster), patches);
  };
  return { cluster, configuring: configure() };
}

type Certificates = ReturnType<typeof apidCertificates>;

function createListener(
  cluster: SandboxCluster,
  node: SandboxNode,
  { host, port, calls }: { host: string; port: number; calls: CallRecord[] },
): Listener {
  const { name, addresses } = node;
  const maintenance = maintenanceCertificates({ hostname: name, addresses });
  // Another configuration may bring another authority and another name.
  let secure: { config: NodeConfig | undefined; certificate: Certificates } | undefined;
  const secureFor = (config: NodeConfig | undefined) => {
    if (secure !== undefined && secure.config === config) return secure.certificate;
    const names = () => ({ hostname: node.hostname, addresses: [...addresses, host] });
    const certificate = apidCertificates(() => authorityOf(cluster, node), names);
    secure = { config, certificate };
    return certificate;
  };
  const listener = new Listener({
    host,
    port,
    // In maintenance mode nobody looks at the names, so the loopback address need not be among them.
    certificate: (fault) =>
      isInMaintenance(node) ? maintenance(fault) : secureFor(node.config)(fault),
    identify: (certificateDer) => {
      const identity = readClientIdentity(certificateDer);
      return isClientOnly(identity) ? identity.organizations : undefined;
    },
    serve: (call, peer) => {
      record(calls, call, listener.address);
      return apid(cluster, node, call, peer);
    },
  });
  return listener;
}

function record(calls: CallRecord[], { path, metadata }: Call, endpoint: string): void {
  calls.push({
    node: metadata.get("node")?.[0] ?? "",
    method: path,
    endpoint,
    metadata: Object.fromEntries(metadata),
  });
  if (calls.length > callCount) calls.shift();
}

function parseAddress(address: string): { host: string; port: number } {
  const [, host = "", port = ""] = address.match(/^\[?([^\]]+?)\]?:(\d+)$/) ?? [];
  if (!/^127\./.test(host) && host !== "::1") {
    throw new TypeError(`sandbox address "${address}": not a loopback address with a port`);
  }
  return { host, port: Number(port) };
}
