/** What is mounted on a node, with the room there is: one table for `/proc/mounts`, Mounts and Statfs. */

import type { SandboxNode } from "../node.ts";
import { memoryKiB } from "./hardware.ts";

/** The room of a file system, in bytes and in files. */
export interface FileSystemRoom {
  sizeBytes: number;
  usedBytes: number;
  availableBytes: number;
  inodes: number;
  inodesUsed: number;
}

/** A mounted file system. */
export interface Mount {
  source: string;
  target: string;
  type: string;
  options: string;
  room: FileSystemRoom;
}

const noRoom = { sizeBytes: 0, usedBytes: 0, availableBytes: 0, inodes: 0, inodesUsed: 0 };
const halfOfMemory = room(memoryKiB * 512, 0, { inodes: 254_748, inodesUsed: 30 });
const squashfs = room(84_410_368, 84_410_368, { inodes: 4120, inodesUsed: 4120 });
const ephemeral = room(8_464_105_472, 2_183_016_448, { inodes: 4_165_632, inodesUsed: 18_204 });
const stateRoom = room(92_143_616, 5_574_656, { inodes: 51_200, inodesUsed: 12 });
/** A container sees the disk of its host. */
const hostDisk = room(270_553_174_016, 197_628_461_056, {
  inodes: 16_777_216,
  inodesUsed: 2_104_311,
});

/** The mounts of a node, in order. */
export function mountsOf(node: SandboxNode): readonly Mount[] {
  const isConfigured = node.machineType !== "unknown";
  const etcd = node.services.has("etcd") ? [etcdRoot(node)] : [];
  if (node.platform === "container") return [...containerMounts, ...etcd];
  return [...machineMounts, ...(isConfigured ? [...diskMounts, ...etcd] : [])];
}

/** The room where a path is; by the longest mount point above it. */
export function roomAt(node: SandboxNode, path: string): FileSystemRoom {
  const found = mountsOf(node)
    .filter(({ target }) => target === "/" || path === target || path.startsWith(`${target}/`))
    .sort((one, other) => one.target.length - other.target.length);
  return found.at(-1)?.room ?? noRoom;
}

const machineMounts: readonly Mount[] = [
  mount("/dev/loop0", "/", "squashfs", { options: "ro,seclabel,relatime", room: squashfs }),
  mount("devtmpfs", "/dev", "devtmpfs", { room: room(memoryKiB * 492, 0) }),
  mount("proc", "/proc", "proc"),
  mount("sysfs", "/sys", "sysfs"),
  mount("cgroup2", "/sys/fs/cgroup", "cgroup2"),
  mount("tmpfs", "/run", "tmpfs", { room: halfOfMemory }),
  mount("tmpfs", "/system", "tmpfs", { room: halfOfMemory }),
  mount("tmpfs", "/tmp", "tmpfs", { room: halfOfMemory }),
  mount("none", "/etc", "overlay", { room: halfOfMemory }),
];

const diskMounts: readonly Mount[] = [
  mount("/dev/vda3", "/system/state", "xfs", { room: stateRoom }),
  mount("/dev/vda4", "/var", "xfs", { options: "rw,nodev,relatime,prjquota", room: ephemeral }),
  mount("overlay", "/etc/cni", "overlay", { room: ephemeral }),
  mount("overlay", "/etc/kubernetes", "overlay", { room: ephemeral }),
  mount("overlay", "/opt", "overlay", { room: ephemeral }),
];

const containerMounts: readonly Mount[] = [
  mount("/dev/vda", "/", "ext4", { room: hostDisk }),
  mount("tmpfs", "/dev", "tmpfs", { room: halfOfMemory }),
  mount("shm", "/dev/shm", "tmpfs", { room: halfOfMemory }),
  mount("tmpfs", "/run", "tmpfs", { room: halfOfMemory }),
  mount("tmpfs", "/system", "tmpfs", { room: halfOfMemory }),
  mount("tmpfs", "/tmp", "tmpfs", { room: halfOfMemory }),
  mount("/dev/vda", "/var", "ext4", { room: hostDisk }),
  mount("/dev/vda", "/system/state", "ext4", { room: hostDisk }),
  mount("/dev/vda", "/opt", "ext4", { room: hostDisk }),
  mount("none", "/etc", "overlay", { room: halfOfMemory }),
  mount("none", "/etc/cni", "overlay", { room: halfOfMemory }),
  mount("none", "/etc/kubernetes", "overlay", { room: halfOfMemory }),
];

function etcdRoot({ platform }: SandboxNode): Mount {
  const target = "/run/containerd/io.containerd.runtime.v2.task/system/etcd/rootfs";
  return mount("overlay", target, "overlay", {
    room: platform === "container" ? hostDisk : ephemeral,
  });
}

function mount(
  source: string,
  target: string,
  type: string,
  { options = "rw,nosuid,nodev,relatime", room = noRoom }: Partial<Mount> = {},
): Mount {
  return { source, target, type, options, room };
}

function room(
  sizeBytes: number,
  usedBytes: number,
  { inodes, inodesUsed }: Pick<FileSystemRoom, "inodes" | "inodesUsed"> = {
    inodes: 250_000,
    inodesUsed: 400,
  },
): FileSystemRoom {
  return { sizeBytes, usedBytes, availableBytes: sizeBytes - usedBytes, inodes, inodesUsed };
}
