/** The machine under a node: processors, memory, disks and network interfaces, the same for every node of a sandbox. */

import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";

/** A disk or a part of one. */
export interface BlockDevice {
  name: string;
  major: number;
  minor: number;
  sizeBytes: number;
  /** Of a partition: its name in the partition table. */
  label?: string;
}

/** A whole disk. */
export interface Disk extends BlockDevice {
  /** Where it is in `/sys`, after `/sys/devices/`. */
  bus: string;
  partitions: readonly BlockDevice[];
  model: string;
  serial: string;
  modalias: string;
  wwid: string;
  kind: "SSD" | "HDD" | "CD";
  isSystemDisk: boolean;
  isReadOnly?: boolean;
}

/** A network interface. */
export interface NetworkInterface {
  name: string;
  /** `00:00:00:00:00:00` on the loopback. */
  hardwareAddress: string;
  mtuBytes: number;
  isUp: boolean;
}

/** Processors of each node. */
export const cpuCount = 2;
/** Their speed. */
export const cpuMhz = 2000;
/** Memory of each node. */
export const memoryKiB = 2_037_988;
/** The unit of memory. */
export const pageBytes = 4096;

const virtioDisk: Disk = {
  name: "vda",
  major: 253,
  minor: 0,
  sizeBytes: 10_737_418_240,
  bus: "pci0000:00/0000:00:06.0/virtio3",
  model: "",
  serial: "",
  modalias: "virtio:d00000002v00001AF4",
  wwid: "",
  kind: "HDD",
  isSystemDisk: true,
  partitions: [
    partition(1, 104_857_600),
    partition(2, 1_048_576),
    partition(3, 104_857_600),
    partition(4, 8_531_214_336),
  ],
};

const dataDisk: Disk = {
  name: "sda",
  major: 8,
  minor: 0,
  sizeBytes: 4_000_787_030_016,
  bus: "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0",
  model: "WDC WD4003FFBX-6",
  serial: "VBGW51LF",
  modalias: "scsi:t-0x00",
  wwid: "naa.5000cca097e9a513",
  kind: "HDD",
  isSystemDisk: false,
  partitions: [],
};

/** The disks of a node, by name; a container has none of its own. */
export function disksOf({ platform, disk }: SandboxNode): readonly Disk[] {
  if (platform === "container") return [];
  return [dataDisk, ...disk.storage.disks.values(), virtioDisk];
}

/** The network interfaces of a node, in the order of the kernel. */
export function interfacesOf(node: SandboxNode): readonly NetworkInterface[] {
  const random = seededRandom(0, `hardware of ${node.nodeId}`);
  const ether = (name: string, mtuBytes: number, isUp = true) => {
    const [first = 0, ...rest] = random.bytes(6);
    const bytes = [(first & 0xfc) | 0x02, ...rest];
    const hardwareAddress = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
    return { name, hardwareAddress, mtuBytes, isUp };
  };
  const loopback = {
    name: "lo",
    hardwareAddress: "00:00:00:00:00:00",
    mtuBytes: 65_536,
    isUp: true,
  };
  const hardware = [loopback, ether("bond0", 1500, false), ether("eth0", 1500)];
  const ofPods = [ether("flannel.1", 1450), ether("cni0", 1450)];
  if (node.platform === "container") return [loopback, ether("eth0", 1500)];
  return node.machineType === "unknown" ? hardware : [...hardware, ...ofPods];
}

/** How long a node has been up. */
export function uptimeSeconds({ bootedAt }: SandboxNode, now: Date): number {
  return Math.max(0, now.getTime() - bootedAt.getTime()) / 1000;
}

/** A further disk for a node: its `disk.storage.disks` take it. */
export function userDisk(
  name: string,
  sizeBytes: number,
  partitions: readonly { label: string; sizeBytes: number }[] = [],
): Disk {
  const firstMinor = 16 * (name.charCodeAt(name.length - 1) - "a".charCodeAt(0));
  return {
    ...dataDisk,
    name,
    minor: firstMinor,
    sizeBytes,
    bus: dataDisk.bus.replace("ata1", `ata-${name}`),
    serial: `${dataDisk.serial}-${name}`,
    wwid: "",
    partitions: partitions.map(({ label, sizeBytes }, at) => ({
      name: `${name}${at + 1}`,
      major: dataDisk.major,
      minor: firstMinor + at + 1,
      sizeBytes,
      label,
    })),
  };
}

function partition(index: number, sizeBytes: number): BlockDevice {
  return { name: `vda${index}`, major: 253, minor: index, sizeBytes };
}
