/** What the disks of a node hold besides Talos itself: user disks, file systems, LVM and software RAID. */

import type { SandboxNode } from "../node.ts";
import { type BlockDevice, type Disk, disksOf } from "./hardware.ts";

/** A logical volume. */
export interface LogicalVolume {
  name: string;
  sizeBytes: number;
  /** Somebody has it open, so that it cannot be removed. */
  isOpen?: boolean;
}

/** A volume group. */
export interface VolumeGroup {
  /** Paths such as `/dev/sdb`. */
  physicalVolumes: readonly string[];
  logicalVolumes: readonly LogicalVolume[];
}

/** A software RAID array. */
export interface RaidArray {
  /** Paths of the devices it is made of. */
  members: readonly string[];
  /** Something is mounted from it or built on it. */
  isInUse?: boolean;
}

/** All of it. Whoever wants a node to have more puts it here. */
export interface BlockStorage {
  /** Disks besides those that every machine has, by name. */
  readonly disks: Map<string, Disk>;
  /** What is found on a device, by its name: `xfs`, `ext4`, …; `""` where there was something and is no more. */
  readonly contents: Map<string, string>;
  /** Paths of devices with an LVM label, in a group or not. */
  readonly physicalVolumes: Set<string>;
  /** By name. */
  readonly volumeGroups: Map<string, VolumeGroup>;
  /** By path, such as `/dev/md0`. */
  readonly arrays: Map<string, RaidArray>;
}

/** Nothing of all that. */
export function createBlockStorage(): BlockStorage {
  return {
    disks: new Map(),
    contents: new Map(),
    physicalVolumes: new Set(),
    volumeGroups: new Map(),
    arrays: new Map(),
  };
}

/** What was found on a device by its signature; undefined where nothing is known of it. */
export function contentOf({ disk: { storage } }: SandboxNode, name: string): string | undefined {
  const path = `/dev/${name}`;
  if (storage.physicalVolumes.has(path)) return "lvm2-pv";
  const isMember = [...storage.arrays.values()].some(({ members }) => members.includes(path));
  return isMember ? "linux_raid_member" : storage.contents.get(name);
}

/** The device of this name with the disk it is or is a part of. */
export function findDevice(
  node: SandboxNode,
  name: string,
): { disk: Disk; partition: BlockDevice | undefined } | undefined {
  for (const disk of disksOf(node)) {
    if (disk.name === name) return { disk, partition: undefined };
    const partition = disk.partitions.find((partition) => partition.name === name);
    if (partition !== undefined) return { disk, partition };
  }
}

/** The devices that are built on this one: of logical volumes, and arrays. */
export function builtOn({ disk: { storage } }: SandboxNode, name: string): readonly string[] {
  const path = `/dev/${name}`;
  const volumes = [...storage.volumeGroups.values()].flatMap((group) =>
    group.logicalVolumes.map(() => group.physicalVolumes.includes(path))
  );
  const arrays = [...storage.arrays].filter(([, { members }]) => members.includes(path));
  return [
    ...volumes.flatMap((isBelow, index) => isBelow ? [`dm-${index}`] : []),
    ...arrays.map(([array]) => array.replace("/dev/", "")),
  ];
}

/** Erases a device: a whole disk with its partitions, or one partition, which can be dropped too. */
export function eraseDevice(
  node: SandboxNode,
  name: string,
  { dropsPartition }: { dropsPartition: boolean },
): void {
  const { storage } = node.disk;
  const found = findDevice(node, name);
  const { disk, partition } = found ?? {};
  const isWholeDisk = partition === undefined;
  for (
    const lost of isWholeDisk ? [name, ...disk?.partitions.map(({ name }) => name) ?? []] : [name]
  ) {
    storage.contents.set(lost, "");
    storage.physicalVolumes.delete(`/dev/${lost}`);
  }
  if (disk === undefined || !storage.disks.has(disk.name)) return;
  if (!isWholeDisk && !dropsPartition) return;
  const partitions = isWholeDisk ? [] : disk.partitions.filter((each) => each.name !== name);
  storage.disks.set(disk.name, { ...disk, partitions });
}
