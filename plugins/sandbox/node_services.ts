/** The services of a node: which ones there are, and how each says that it starts (spec/machine-read.md, 28.2). */

import type { MachineType, Platform } from "./node.ts";

/** The states of a service. */
export type ServiceState =
  | "Initialized"
  | "Starting"
  | "Preparing"
  | "Waiting"
  | "Running"
  | "Stopping"
  | "Finished"
  | "Failed"
  | "Skipped";

/** What a service did, and when. */
export interface ServiceEvent {
  message: string;
  state: ServiceState;
  at: Date;
}

/** A service as its node knows it. */
export interface NodeService {
  readonly kind: ServiceKind;
  state: ServiceState;
  /** Undefined before the first check. */
  isHealthy: boolean | undefined;
  lastHealthMessage: string;
  lastHealthChange: Date;
  /** The last 64, oldest first. */
  events: ServiceEvent[];
}

/** An action of the API on a service. */
export type ServiceAction = "start" | "stop" | "restart";

/** What is the same for a service on every node. */
export interface ServiceKind {
  readonly id: string;
  /** What it waits for before it starts; absent waits for nothing. */
  readonly waitsFor?: string;
  /** The event of its start. */
  readonly started: string;
  /** Without one its health stays unknown. */
  readonly hasHealthCheck: boolean;
  readonly actions: readonly ServiceAction[];
  /** Where it runs; absent is everywhere. */
  readonly on?: "controlplane" | "metal";
  /** What it comes to without a machine configuration; absent is not there then. */
  readonly inMaintenance?: "Running" | "Waiting";
}

const process = (pid: number, ...words: string[]) =>
  `Process Process([${words.map((word) => `"${word}"`).join(" ")}]) started with PID ${pid}`;
const container = (id: string, pid: number) =>
  `Started task ${id} (PID ${pid}) for container ${id}`;
const goroutine = "Service started as goroutine";

const kinds: readonly ServiceKind[] = [
  kind("apid", container("apid", 116), {
    waitsFor: 'service "containerd" to be "up", api certificates, config to be ready',
    inMaintenance: "Running",
  }),
  kind("auditd", goroutine, { on: "metal" }),
  kind(
    "containerd",
    process(
      18,
      "/bin/containerd",
      "--address",
      "/system/run/containerd/containerd.sock",
      "--state",
      "/system/run/containerd",
      "--root",
      "/system/var/lib/containerd",
    ),
    { inMaintenance: "Running" },
  ),
  kind(
    "cri",
    process(
      28,
      "/bin/containerd",
      "--address",
      "/run/containerd/containerd.sock",
      "--config",
      "/etc/cri/containerd.toml",
    ),
    {
      waitsFor: "volumes /var/lib, /var/lib/cni, CRI, /var/run, /var/run/lock to be mounted, " +
        'network, /etc files ["machine-id" "cri/conf.d/cri.toml" "cri/conf.d/base-spec.json"] to be ready',
      inMaintenance: "Waiting",
    },
  ),
  kind("dashboard", process(60, "/sbin/dashboard"), { on: "metal", hasHealthCheck: false }),
  kind("etcd", container("etcd", 184), {
    on: "controlplane",
    waitsFor:
      'volumes /var/lib, ETCD to be mounted, service "cri" to be "up", time sync, network, etcd spec',
  }),
  kind("kubelet", container("kubelet", 240), {
    waitsFor: "volumes /var/lib, KUBELET, LOG, /var/log/audit, /var/log/containers, " +
      "/var/log/pods, /var/lib/kubelet/seccomp, /var/lib/kubelet/seccomp/profiles, " +
      '/var/log/audit/kube, /var/mnt to be mounted, service "cri" to be "up", time sync, network',
    actions: ["start", "restart"],
  }),
  kind("machined", goroutine, { inMaintenance: "Running" }),
  kind("syslogd", goroutine, { on: "metal" }),
  kind("trustd", container("trustd", 121), {
    on: "controlplane",
    waitsFor: 'service "containerd" to be "up", time sync, network',
  }),
  kind("udevd", process(30, "/sbin/systemd-udevd", "--resolve-names=never"), { on: "metal" }),
];

/** The services of a node, sorted by id. */
export function serviceKinds(
  node: { machineType: MachineType; platform: Platform },
): readonly ServiceKind[] {
  return kinds.filter(({ on, inMaintenance }) =>
    node.machineType === "unknown"
      ? inMaintenance !== undefined
      : on === undefined || on === node.machineType || on === node.platform
  );
}

function kind(id: string, started: string, rest: Partial<ServiceKind> = {}): ServiceKind {
  return { id, started, hasHealthCheck: true, actions: [], ...rest };
}
