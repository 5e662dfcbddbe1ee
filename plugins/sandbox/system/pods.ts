/** The pods of a node with their containers: what the kubelet runs there (spec/machine-read.md, 4). */

import type { SandboxNode } from "../node.ts";
import { type SeededRandom, seededRandom } from "../random.ts";

/** A container of a pod. */
export interface PodContainer {
  name: string;
  image: string;
  /** 64 hex digits, new at each start. */
  id: string;
  pid: number;
  /** Starts after the first. */
  restartCount: number;
  command: readonly string[];
  startedAt: Date;
}

/** A pod whose sandbox is ready. */
export interface Pod {
  namespace: string;
  name: string;
  uid: string;
  /** Of the sandbox, 64 hex digits. */
  id: string;
  /** Of the process that holds its namespaces. */
  pid: number;
  shimPid: number;
  qualityOfService: "besteffort" | "burstable";
  /** Undefined on the host's network. */
  networkNamespace: string | undefined;
  address: string;
  containers: PodContainer[];
}

interface PodKind {
  name: string;
  container: string;
  image: string;
  command: readonly string[];
  isOnHostNetwork: boolean;
  /** A digest of its manifest in the place of a UUID, and the node's name behind its own. */
  isStatic: boolean;
  on: (node: SandboxNode) => boolean;
}

/** The Kubernetes of the nodes. */
export const kubernetesVersion = "v1.37.0-rc.1";
/** The image of the processes that hold a pod's namespaces. */
export const pauseImage = "registry.k8s.io/pause:3.10.2";

const isControlPlane = ({ machineType }: SandboxNode) => machineType === "controlplane";
const kinds: readonly PodKind[] = [
  controlPlanePod("kube-apiserver", ["--bind-address=0.0.0.0", "--secure-port=6443"]),
  controlPlanePod("kube-controller-manager", ["--bind-address=127.0.0.1", "--leader-elect=true"]),
  controlPlanePod("kube-scheduler", ["--bind-address=127.0.0.1", "--leader-elect=true"]),
  {
    name: "coredns",
    container: "coredns",
    image: "registry.k8s.io/coredns/coredns:v1.14.7",
    command: ["/coredns", "-conf", "/etc/coredns/Corefile"],
    isOnHostNetwork: false,
    isStatic: false,
    // Two replicas, on the first two nodes.
    on: ({ addresses }) => addresses.some((address) => /^10\.5\.0\.[23]$/.test(address)),
  },
  {
    name: "kube-flannel",
    container: "kube-flannel",
    image: "ghcr.io/siderolabs/flannel:0.28.9",
    command: ["/opt/bin/flanneld", "--ip-masq", "--kube-subnet-mgr"],
    isOnHostNetwork: true,
    isStatic: false,
    on: () => true,
  },
  {
    name: "kube-proxy",
    container: "kube-proxy",
    image: `registry.k8s.io/kube-proxy:${kubernetesVersion}`,
    command: ["/usr/local/bin/kube-proxy", "--proxy-mode=nftables"],
    isOnHostNetwork: true,
    isStatic: false,
    on: () => true,
  },
];

/** The pods of a node since its boot, in order of their names; none where no kubelet has been configured. */
export function bootPods(node: SandboxNode): readonly Pod[] {
  if (node.platform === "container" || node.machineType === "unknown") return [];
  return kinds.filter(({ on }) => on(node)).map((kind, index) => makePod(node, kind, index));
}

/** Starts a container anew: another id and process, one more restart. */
export function restartContainer(container: PodContainer, node: SandboxNode, at: Date): void {
  container.restartCount++;
  const random = seededRandom(container.restartCount, `${node.bootId}/${container.id}`);
  container.id = random.bytes(32).toHex();
  container.pid += 1000;
  container.startedAt = at;
}

function makePod(node: SandboxNode, kind: PodKind, index: number): Pod {
  const random = seededRandom(index, `pods of ${node.bootId}`);
  const pid = 1500 + index * 60;
  const suffix = kind.isStatic ? node.hostname : nameSuffix(kind, random);
  const uid = kind.isStatic ? random.bytes(16).toHex() : random.uuid();
  return {
    namespace: "kube-system",
    name: `${kind.name}-${suffix}`,
    uid,
    id: random.bytes(32).toHex(),
    shimPid: pid - 12,
    pid,
    qualityOfService: kind.name === "kube-proxy" ? "besteffort" : "burstable",
    networkNamespace: kind.isOnHostNetwork ? undefined : `cni-${random.uuid()}`,
    address: kind.isOnHostNetwork ? node.addresses[0] ?? "" : podAddress(node, index),
    containers: [{
      name: kind.container,
      image: kind.image,
      id: random.bytes(32).toHex(),
      pid: pid + 31,
      restartCount: 0,
      command: kind.command,
      startedAt: new Date(node.bootedAt.getTime() + 20_000 + index * 700),
    }],
  };
}

/** The nodes share 10.244.0.0/16 in the order of their addresses. */
function podAddress({ addresses: [address = ""] }: SandboxNode, index: number): string {
  const [, , , last] = address.split(".");
  return `10.244.${Number(last) - 2}.${index}`;
}

/** The five characters of a daemon set's pod, behind the ten of a replica set's template. */
function nameSuffix({ name }: PodKind, random: SeededRandom): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  const letters = (count: number) =>
    [...random.bytes(count)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return name === "coredns" ? `${letters(10)}-${letters(5)}` : letters(5);
}

function controlPlanePod(name: string, options: readonly string[]): PodKind {
  return {
    name,
    container: name,
    image: `registry.k8s.io/${name}:${kubernetesVersion}`,
    command: [`/usr/local/bin/${name}`, ...options],
    isOnHostNetwork: true,
    isStatic: true,
    on: isControlPlane,
  };
}
