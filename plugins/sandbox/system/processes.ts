/** The processes of a node: its services, what watches over them, and its pods' containers; everything that shows a PID asks here. */

import type { SandboxNode } from "../node.ts";
import type { NodeService } from "../node_services.ts";
import { uptimeSeconds } from "./hardware.ts";
import type { Pod } from "./pods.ts";

/** A process. */
export interface SystemProcess {
  pid: number;
  parentPid: number;
  state: "S" | "R";
  threads: number;
  cpuSeconds: number;
  virtualBytes: number;
  residentBytes: number;
  /** The name that the kernel keeps: at most 15 characters. */
  command: string;
  /** Where its program is. */
  executable: string;
  arguments: readonly string[];
  /** The SELinux label; empty where the node has none. */
  label: string;
  /** Below `/sys/fs/cgroup`, such as `/podruntime/etcd`. */
  cgroup: string;
}

/** What is known of a process before it runs. */
interface ProcessKind {
  pid: number;
  parentPid?: number;
  executable: string;
  arguments?: readonly string[];
  threads: number;
  /** Spent at its start, and per second of uptime. */
  cpu: readonly [startSeconds: number, share: number];
  virtualMib: number;
  residentMib: number;
  label?: string;
  cgroup: string;
}

const shimProgram = "/usr/bin/containerd-shim-runc-v2";
const containerdSocket = "/run/containerd/containerd.sock";

/** The processes of a node, by PID. */
export function processesOf(node: SandboxNode, now: Date): readonly SystemProcess[] {
  const uptime = uptimeSeconds(node, now);
  const isUp = (id: string) => node.services.get(id)?.state === "Running";
  const pods = isUp("kubelet") || isUp("cri") ? node.system.pods : [];
  const kinds = [
    init,
    ...[...node.services.values()].filter(({ state }) => state === "Running")
      .flatMap((service) => serviceProcesses(node, service)),
    ...pods.flatMap(podProcesses),
  ];
  return kinds
    .sort((one, other) => one.pid - other.pid)
    .map((kind) => toProcess(kind, { uptime, hasLabels: node.platform === "metal" }));
}

/** The PID that a service's start has named; undefined where it is no process of its own. */
export function servicePid({ kind }: NodeService): number | undefined {
  const [, pid] = kind.started.match(/PID (\d+)/) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

const init: ProcessKind = {
  pid: 1,
  parentPid: 0,
  executable: "/sbin/init",
  threads: 12,
  cpu: [2.6, 0.0115],
  virtualMib: 2190,
  residentMib: 174,
  label: "system_u:system_r:init_t:s0",
  cgroup: "/init",
};

function serviceProcesses(node: SandboxNode, service: NodeService): readonly ProcessKind[] {
  const pid = servicePid(service);
  const { id } = service.kind;
  const own = pid === undefined ? undefined : ownProcess(node, id, pid);
  if (own === undefined) return [];
  const shimPid = shimPids[id];
  if (shimPid === undefined) return [own];
  const runtime = id === "apid" || id === "trustd" ? "system" : "podruntime";
  return [shim(shimPid, id, runtime), { ...own, parentPid: shimPid }];
}

/** Of the services that run in containers. */
const shimPids: Readonly<Record<string, number>> = {
  apid: 73,
  trustd: 75,
  etcd: 162,
  kubelet: 214,
};

function ownProcess(node: SandboxNode, id: string, pid: number): ProcessKind | undefined {
  const address = node.addresses[0] ?? "";
  switch (id) {
    case "containerd":
      return {
        ...containerd(pid, "/system/runtime"),
        arguments: words(
          "/bin/containerd --address /system/run/containerd/containerd.sock",
          "--state /system/run/containerd --root /system/var/lib/containerd",
        ),
        residentMib: 36,
      };
    case "cri":
      return {
        ...containerd(pid, "/podruntime/runtime"),
        arguments: words(
          `/bin/containerd --address ${containerdSocket} --config /etc/cri/containerd.toml`,
        ),
      };
    case "apid":
      return {
        ...daemon(pid, "/apid", "/system/apid"),
        threads: 9,
        cpu: [1.2, 0.0078],
        residentMib: 141,
      };
    case "trustd":
      return { ...daemon(pid, "/trustd", "/system/trustd"), threads: 7, residentMib: 133 };
    case "etcd":
      return {
        ...daemon(pid, "/usr/local/bin/etcd", "/podruntime/etcd"),
        arguments: ["/usr/local/bin/etcd", ...etcdArguments(address, node.hostname)],
        cpu: [0.3, 0.0118],
        virtualMib: 11_444,
        residentMib: 34,
        label: "system_u:system_r:etcd_t:s0",
      };
    case "kubelet":
      return {
        ...daemon(pid, "/usr/local/bin/kubelet", "/podruntime/kubelet"),
        arguments: words(
          "/usr/local/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubeconfig",
          "--cert-dir=/var/lib/kubelet/pki --config=/etc/kubernetes/kubelet.yaml",
          `--hostname-override=${node.hostname} --kubeconfig=/etc/kubernetes/kubeconfig-kubelet`,
          `--node-ip=${address}`,
        ),
        threads: 13,
        cpu: [0.9, 0.0163],
        residentMib: 86,
        label: "system_u:system_r:kubelet_t:s0",
      };
    case "udevd":
      return {
        ...daemon(pid, "/sbin/systemd-udevd", "/system/udevd"),
        arguments: words("/sbin/systemd-udevd --resolve-names=never"),
        threads: 1,
        virtualMib: 11,
        residentMib: 7,
        label: "system_u:system_r:udev_t:s0",
      };
    case "dashboard":
      return { ...daemon(pid, "/sbin/dashboard", "/system/dashboard"), residentMib: 81 };
    default:
      return undefined;
  }
}

function podProcesses({ id, uid, pid, shimPid, qualityOfService, containers }: Pod) {
  const group = (containerId: string) => `/kubepods/${qualityOfService}/pod${uid}/${containerId}`;
  const pause: ProcessKind = {
    pid,
    parentPid: shimPid,
    executable: "/pause",
    threads: 1,
    cpu: [0.01, 0],
    virtualMib: 1,
    residentMib: 1,
    label: "system_u:system_r:pod_t:s0",
    cgroup: group(id),
  };
  return [
    { ...shim(shimPid, id, "podruntime"), cgroup: "/podruntime/shim" },
    pause,
    ...containers.map((container): ProcessKind => ({
      pid: container.pid,
      parentPid: shimPid,
      executable: container.command[0] ?? "",
      arguments: container.command,
      threads: 8,
      cpu: [0.5, 0.009],
      virtualMib: 1250,
      residentMib: 58,
      label: "system_u:system_r:pod_t:s0",
      cgroup: group(container.id),
    })),
  ];
}

function containerd(pid: number, cgroup: string): ProcessKind {
  return {
    pid,
    executable: "/bin/containerd",
    threads: 8,
    cpu: [0.2, 0.0045],
    virtualMib: 1240,
    residentMib: 48,
    label: "system_u:system_r:containerd_t:s0",
    cgroup,
  };
}

function shim(pid: number, id: string, runtime: "system" | "podruntime"): ProcessKind {
  const socket = runtime === "system" ? `/system${containerdSocket}` : containerdSocket;
  const namespace = id.length === 64 ? "k8s.io" : "system";
  return {
    pid,
    executable: shimProgram,
    arguments: words(`${shimProgram} -namespace ${namespace} -id ${id} -address ${socket}`),
    threads: 10,
    cpu: [0.02, 0.0004],
    virtualMib: 1240,
    residentMib: 16,
    label: "system_u:system_r:containerd_t:s0",
    cgroup: `/${runtime}/runtime`,
  };
}

function daemon(pid: number, executable: string, cgroup: string): ProcessKind {
  return {
    pid,
    executable,
    threads: 8,
    cpu: [0.05, 0.0006],
    virtualMib: 1850,
    residentMib: 40,
    label: "system_u:system_r:init_t:s0",
    cgroup,
  };
}

function etcdArguments(address: string, hostname: string): readonly string[] {
  const pki = "/system/secrets/etcd";
  return words(
    `--advertise-client-urls=https://${address}:2379 --auto-tls=false`,
    `--cert-file=${pki}/server.crt --client-cert-auth=true --data-dir=/var/lib/etcd`,
    "--feature-gates=InitialCorruptCheck=true --feature-gates=CompactHashCheck=true",
    `--initial-advertise-peer-urls=https://${address}:2380`,
    `--initial-cluster=${hostname}=https://${address}:2380 --initial-cluster-state=new`,
    `--key-file=${pki}/server.key --listen-client-http-urls=https://0.0.0.0:2383`,
    "--listen-client-urls=https://0.0.0.0:2379 --listen-peer-urls=https://0.0.0.0:2380",
    `--name=${hostname} --peer-auto-tls=false --peer-cert-file=${pki}/peer.crt`,
    `--peer-client-cert-auth=true --peer-key-file=${pki}/peer.key`,
    `--peer-skip-client-san-verification=true --peer-trusted-ca-file=${pki}/ca.crt`,
    `--tls-min-version=TLS1.3 --trusted-ca-file=${pki}/ca.crt`,
    "--watch-progress-notify-interval=5s",
  );
}

function words(...lines: readonly string[]): readonly string[] {
  return lines.join(" ").split(" ");
}

function toProcess(
  kind: ProcessKind,
  { uptime, hasLabels }: { uptime: number; hasLabels: boolean },
): SystemProcess {
  const { pid, parentPid = 1, executable, threads, cpu: [startSeconds, share], cgroup } = kind;
  return {
    pid,
    parentPid,
    state: "S",
    threads,
    // The kernel counts in hundredths.
    cpuSeconds: Math.floor((startSeconds + share * uptime) * 100) / 100,
    virtualBytes: kind.virtualMib * 1024 * 1024,
    residentBytes: kind.residentMib * 1024 * 1024,
    command: executable.slice(executable.lastIndexOf("/") + 1).slice(0, 15),
    executable,
    arguments: kind.arguments ?? [executable],
    label: hasLabels ? kind.label ?? "" : "",
    cgroup,
  };
}
