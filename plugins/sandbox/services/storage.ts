/** StorageService of two packages: the room of a file system, and the disks (spec/machine-read.md, 15). */

import { RpcError } from "../../../core/errors.ts";
import { implement } from "../service_group.ts";
import { FileError } from "../system/file_tree.ts";
import { disksOf } from "../system/hardware.ts";
import { roomAt } from "../system/mounts.ts";

export const machineStorage = implement("machine.StorageService", {
  statfs: ({ path }, { node }) => {
    try {
      const found = node.files.stat(path);
      const { sizeBytes, usedBytes, availableBytes, inodes, inodesUsed } = roomAt(
        node,
        found.path,
      );
      return {
        size: String(sizeBytes),
        used: String(usedBytes),
        available: String(availableBytes),
        inodes: String(inodes),
        inodesUsed: String(inodesUsed),
        inodesFree: String(inodes - inodesUsed),
      };
    } catch (error) {
      if (error instanceof FileError) throw new RpcError("Unknown", error.reason);
      throw error;
    }
  },
});

export const storageDisks = implement("storage.StorageService", {
  disks: (_request, { node }) => {
    const disks = disksOf(node).map((disk) => ({
      size: String(disk.sizeBytes),
      model: disk.model,
      deviceName: `/dev/${disk.name}`,
      serial: disk.serial,
      modalias: disk.modalias,
      wwid: disk.wwid,
      type: disk.kind,
      readonly: disk.isReadOnly ?? false,
      busPath: `/${disk.bus}`,
      systemDisk: disk.isSystemDisk && node.machineType !== "unknown",
      subsystem: "/sys/class/block",
    }));
    return { messages: [{ disks }] };
  },
});
