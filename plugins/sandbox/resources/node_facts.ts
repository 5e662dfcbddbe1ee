/** What the resources of a node are made of: the node itself, its cluster, and ids that follow from the seed. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";
import { interfacesOf } from "../system/hardware.ts";
import { settingsOf } from "./settings.ts";

/** The cluster as its nodes know it. */
export interface ClusterFacts {
  name: string;
  seed: number;
  clock: SandboxClock;
  nodes: () => readonly SandboxNode[];
}

/** A node, and what is easily said of it. */
export interface NodeFacts {
  readonly node: SandboxNode;
  readonly cluster: ClusterFacts;
  readonly isMetal: boolean;
  readonly isControlPlane: boolean;
  /** Whether it has a machine configuration. */
  readonly isConfigured: boolean;
  readonly address: string;
  /** With the length of the prefix, such as `10.5.0.2/24`. */
  readonly cidr: string;
  /** Of the cluster's network, such as `10.5.0.0/24`. */
  readonly network: string;
  readonly broadcast: string;
  readonly gateway: string;
  /** The first three numbers of its pods' addresses; undefined where no pods have a network of theirs. */
  readonly podNetwork: string | undefined;
  /** Of eth0. */
  readonly hardwareAddress: string;
  /** Of eth0, from its hardware address. */
  readonly linkLocalAddress: string;
  /** `host:port` of the Kubernetes API, as the configuration names it. */
  readonly endpoint: string;
  readonly controlPlanes: readonly SandboxNode[];
  /** A UUID of this node for `label`, the same at every call. */
  uuid(label: string): string;
  /** Random hexadecimal digits of this node for `label`, the same at every call. */
  hex(label: string, length: number): string;
}

/** The facts of a node as of now; what takes a look at all nodes is found when asked for. */
export function nodeFacts(node: SandboxNode, cluster: ClusterFacts): NodeFacts {
  const random = (label: string) => seededRandom(cluster.seed, `${node.name}/${label}`);
  const address = node.addresses[0] ?? "";
  return {
    node,
    cluster,
    isMetal: node.platform === "metal",
    isControlPlane: node.machineType === "controlplane",
    isConfigured: node.machineType !== "unknown",
    address,
    ...networkOf(address, cluster),
    get podNetwork() {
      return podNetworkOf(node, cluster);
    },
    get hardwareAddress() {
      return interfacesOf(node).find(({ name }) => name === "eth0")?.hardwareAddress ?? "";
    },
    get linkLocalAddress() {
      return linkLocal(this.hardwareAddress);
    },
    get endpoint() {
      return settingsOf(node).endpoint ?? `${this.controlPlanes[0]?.addresses[0] ?? address}:6443`;
    },
    get controlPlanes() {
      return cluster.nodes().filter(({ machineType }) => machineType === "controlplane");
    },
    uuid: (label) => random(label).uuid(),
    hex: (label, length) => random(label).bytes(Math.ceil(length / 2)).toHex().slice(0, length),
  };
}

/** The network that an address is in: large enough for all nodes. */
function networkOf(
  address: string,
  cluster: ClusterFacts,
): Pick<NodeFacts, "cidr" | "network" | "broadcast" | "gateway"> {
  const [first, second, third] = address.split(".");
  const isSmall = cluster.nodes().length <= addressesOf24;
  const prefix = isSmall ? `${first}.${second}.${third}` : `${first}.${second}`;
  const length = isSmall ? 24 : 16;
  return {
    cidr: `${address}/${length}`,
    network: `${prefix}${isSmall ? "" : ".0"}.0/${length}`,
    broadcast: `${prefix}${isSmall ? "" : ".255"}.255`,
    gateway: `${prefix}${isSmall ? "" : ".0"}.1`,
  };
}

/** How many nodes have room in a /24. */
const addressesOf24 = 253;

/** The nodes share 10.244.0.0/16 in their order; a container has no links for pods. */
export function podNetworkOf(node: SandboxNode, cluster: ClusterFacts): string | undefined {
  const index = cluster.nodes().indexOf(node);
  const hasPods = node.machineType !== "unknown" && node.platform === "metal";
  return hasPods && index < 256 ? `10.244.${index}` : undefined;
}

/** EUI-64: the universal bit flipped, `ff:fe` in the middle. */
function linkLocal(hardwareAddress: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = hardwareAddress.split(":").map((byte) =>
    parseInt(byte, 16)
  );
  const groups = [(a ^ 2) << 8 | b, c << 8 | 0xff, 0xfe00 | d, e << 8 | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(":")}`;
}
