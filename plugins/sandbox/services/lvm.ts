/** LVMService: logical volumes, volume groups and physical volumes removed (spec/machine-ops.md, 16.6). */

import { RpcError, type StatusName } from "../../../core/errors.ts";
import { requireAdminOrMaintenance } from "../admin_or_maintenance.ts";
import { refreshResources, storageTypes } from "../resources/refresh_resources.ts";
import { type HandlerContext, implement } from "../service_group.ts";
import { type BlockStorage, findDevice, type VolumeGroup } from "../system/block_storage.ts";

export const lvm = implement("machine.LVMService", {
  logicalVolumeRemove: ({ volumeGroup, logicalVolume }, context) =>
    change(context, (storage) => {
      if (volumeGroup === "" || logicalVolume === "") {
        throw refusal("InvalidArgument", "volume_group and logical_volume must be set");
      }
      const group = findGroup(storage, volumeGroup);
      const volume = group.logicalVolumes.find(({ name }) => name === logicalVolume);
      if (volume === undefined) throw missing();
      if (volume.isOpen) throw refusal("FailedPrecondition", "lvm: logical volume is open");
      const logicalVolumes = group.logicalVolumes.filter((each) => each !== volume);
      storage.volumeGroups.set(volumeGroup, { ...group, logicalVolumes });
    }),

  volumeGroupRemove: ({ volumeGroup }, context) =>
    change(context, (storage) => {
      if (volumeGroup === "") throw refusal("InvalidArgument", "volume_group must be set");
      if (findGroup(storage, volumeGroup).logicalVolumes.length > 0) {
        throw refusal("FailedPrecondition", "lvm: resource not empty");
      }
      storage.volumeGroups.delete(volumeGroup);
    }),

  physicalVolumeRemove: ({ device }, context) =>
    change(context, ({ physicalVolumes, volumeGroups }) => {
      if (device === "") throw refusal("InvalidArgument", "device must be set");
      const found = findDevice(context.node, device.replace(/^\/dev\//, ""));
      if (found?.partition === undefined && found?.disk.partitions.length) {
        throw refusal("FailedPrecondition", "lvm: device is partitioned");
      }
      if (!physicalVolumes.has(device)) throw missing();
      if ([...volumeGroups.values()].some((group) => group.physicalVolumes.includes(device))) {
        throw refusal("FailedPrecondition", "lvm: resource in use");
      }
      physicalVolumes.delete(device);
    }),
});

function change(context: HandlerContext, apply: (storage: BlockStorage) => void) {
  requireAdminOrMaintenance(context);
  const { node } = context;
  // There is no LVM to ask in a container.
  if (node.platform === "container") throw refusal("Internal", "lvm operation failed");
  apply(node.disk.storage);
  refreshResources(node, storageTypes);
  return {};
}

function findGroup({ volumeGroups }: BlockStorage, name: string): VolumeGroup {
  const group = volumeGroups.get(name);
  if (group === undefined) throw missing();
  return group;
}

function missing(): RpcError {
  return refusal("NotFound", "lvm: resource not found");
}

function refusal(code: StatusName, text: string): RpcError {
  return new RpcError(code, text);
}
