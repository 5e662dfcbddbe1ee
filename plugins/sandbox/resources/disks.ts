/** Disks and partitions of a metal node. */

import { formatBytes } from "../../../core/output/sizes.ts";
import { contentOf } from "../system/block_storage.ts";
import { type BlockDevice, type Disk, disksOf } from "../system/hardware.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const diskSources: Sources = {
  "Disks.block.talos.dev": ({ node }) => [
    ...disksOf(node).map(diskResource),
    ...disksOf(node).length > 0 ? [loopDevice] : [],
  ],
  "BlockDevices.block.talos.dev": ({ node }) => disksOf(node).flatMap(blockDevices),
  "DiscoveredVolumes.block.talos.dev": (facts) =>
    disksOf(facts.node).flatMap((disk) => discoveredVolumes(facts, disk)),
  "SystemDisks.block.talos.dev": ({ node }) =>
    disksOf(node).filter(({ isSystemDisk }) => isSystemDisk).map(({ name }) => ({
      id: "system-disk",
      owner: "block.SystemDiskController",
      spec: { diskID: name, devPath: `/dev/${name}` },
    })),
};

/** What lives on a partition of the system disk. */
export interface SystemPartition {
  index: number;
  name: "EFI" | "META" | "STATE" | "EPHEMERAL";
  sizeBytes: number;
  /** Empty where there is no file system. */
  filesystem: "vfat" | "xfs" | "";
  /** A GUID of the GPT. */
  type: string;
}

const linuxData = "0fc63daf-8483-4772-8e79-3d69d8477de4";
const efiSystem = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
const partitionKinds: readonly Omit<SystemPartition, "sizeBytes" | "index">[] = [
  { name: "EFI", filesystem: "vfat", type: efiSystem },
  { name: "META", filesystem: "", type: linuxData },
  { name: "STATE", filesystem: "xfs", type: linuxData },
  { name: "EPHEMERAL", filesystem: "xfs", type: linuxData },
];

/** The partitions of the system disk; a node without a configuration has none yet. */
export function systemPartitions({ node, isConfigured }: NodeFacts): readonly SystemPartition[] {
  const disk = disksOf(node).find(({ isSystemDisk }) => isSystemDisk);
  if (disk === undefined || !isConfigured) return [];
  return partitionKinds.flatMap((kind, at) => {
    const partition = disk.partitions[at];
    if (partition === undefined) return [];
    return [{ ...kind, index: at + 1, sizeBytes: partition.sizeBytes }];
  });
}

function diskResource(disk: Disk, index: number): ResourceSeed {
  const { name, sizeBytes, bus, model, serial, modalias, wwid, kind, isReadOnly } = disk;
  const isVirtual = name.startsWith("vd");
  return {
    id: name,
    owner: "block.DisksController",
    spec: {
      dev_path: `/dev/${name}`,
      size: sizeBytes,
      pretty_size: formatBytes(sizeBytes),
      io_size: isVirtual ? 512 : 4096,
      sector_size: 512,
      model,
      serial,
      modalias,
      wwid,
      bus_path: `/${bus}${isVirtual ? "/" : ""}`,
      sub_system: "/sys/class/block",
      transport: isVirtual ? "virtio" : "sata",
      rotational: kind === "HDD",
      ...(isReadOnly ? { readonly: true } : {}),
      ...(kind === "CD" ? { cdrom: true } : {}),
      symlinks: [
        `/dev/disk/by-diskseq/${8 + index}`,
        isVirtual
          ? "/dev/disk/by-path/pci-0000:00:06.0"
          : `/dev/disk/by-id/wwn-0x${wwid.replace("naa.", "")}`,
      ],
    },
  };
}

const loopDevice: ResourceSeed = {
  id: "loop0",
  owner: "block.DisksController",
  spec: {
    dev_path: "/dev/loop0",
    size: 4096,
    pretty_size: "4.1 kB",
    io_size: 512,
    sector_size: 512,
    readonly: true,
    bus_path: "/virtual",
    sub_system: "/sys/class/block",
  },
};

function blockDevices(disk: Disk): readonly ResourceSeed[] {
  const path = `${disk.bus}/block/${disk.name}`;
  const device = ({ name, major, minor }: BlockDevice, spec: object): ResourceSeed => ({
    id: name,
    owner: "block.DevicesController",
    spec: { major, minor, generation: 1, ...spec },
  });
  return [
    device(disk, { type: "disk", devicePath: path }),
    ...disk.partitions.map((partition, at) =>
      device(partition, {
        type: "partition",
        partitionName: partition.label ?? partitionKinds[at]?.name ?? "",
        partitionNumber: at + 1,
        devicePath: `${path}/${partition.name}`,
        parent: disk.name,
      })
    ),
  ];
}

/** The first partition starts at the first MiB, and each follows the one before. */
const firstOffsetBytes = 1_048_576;

function discoveredVolumes(facts: NodeFacts, disk: Disk): readonly ResourceSeed[] {
  const { name, sizeBytes, bus } = disk;
  const partitions = disk.isSystemDisk ? systemPartitions(facts) : userPartitions(disk);
  const path = `/sys/devices/${bus}/block/${name}`;
  const sizes = { sector_size: 512, io_size: 512 };
  let offset = firstOffsetBytes;
  return [
    volume(name, {
      type: "disk",
      device_path: path,
      size: sizeBytes,
      ...sizes,
      ...partitions.length > 0
        ? { name: "gpt", uuid: facts.uuid(name), probed_size: sizeBytes }
        : contentFound(facts, { name, sizeBytes }),
    }),
    ...partitions.map((partition) => {
      const start = offset;
      offset += partition.sizeBytes;
      const partitionName = `${name}${partition.index}`;
      return volume(partitionName, {
        type: "partition",
        device_path: `${path}/${partitionName}`,
        parent: name,
        parent_dev_path: `/dev/${name}`,
        offset: start,
        size: partition.sizeBytes,
        ...sizes,
        ...contentOf(facts.node, partitionName) === undefined && "filesystem" in partition
          ? contents(facts, partition)
          : contentFound(facts, { name: partitionName, sizeBytes: partition.sizeBytes }),
        partition_uuid: facts.uuid(`partition/${partition.name}`),
        partition_type: partition.type,
        partition_label: partition.name,
        partition_index: partition.index,
      });
    }),
  ];
}

/** The partitions of a disk that somebody has given to the node. */
function userPartitions({ partitions }: Disk) {
  return partitions.map(({ name, label = "", sizeBytes }) => ({
    index: Number(/\d+$/.exec(name)?.[0]),
    name: label,
    sizeBytes,
    type: linuxData,
  }));
}

/** What somebody has put on a device. */
function contentFound(
  { node, uuid }: NodeFacts,
  { name, sizeBytes }: Pick<BlockDevice, "name" | "sizeBytes">,
): object {
  const found = contentOf(node, name) ?? "";
  return found === "" ? {} : { name: found, uuid: uuid(name), probed_size: sizeBytes };
}

/** What was found on a partition. */
function contents(facts: NodeFacts, { name, filesystem, sizeBytes }: SystemPartition): object {
  if (filesystem === "") return { name: "talosmeta", probed_size: 524_288 };
  const probed = { label: name, block_size: 512, probed_size: sizeBytes };
  if (filesystem === "xfs") {
    return { name: filesystem, uuid: facts.uuid(name), filesystem_block_size: 4096, ...probed };
  }
  const volumeId = facts.hex(name, 8).toUpperCase();
  return { name: filesystem, uuid: `${volumeId.slice(0, 4)}-${volumeId.slice(4)}`, ...probed };
}

function volume(id: string, spec: { size: number; [key: string]: unknown }): ResourceSeed {
  return {
    id,
    owner: "block.DiscoveryController",
    spec: { dev_path: `/dev/${id}`, pretty_size: formatBytes(spec.size), ...spec },
  };
}
