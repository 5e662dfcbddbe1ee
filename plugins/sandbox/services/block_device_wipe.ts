/** StorageService/BlockDeviceWipe: disks and partitions erased, unless something needs them (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";
import type { BlockDeviceWipeDescriptor } from "../../../proto/gen/storage/storage.ts";
import { requireAdminOrMaintenance } from "../admin_or_maintenance.ts";
import type { SandboxNode } from "../node.ts";
import { refreshResources, storageTypes } from "../resources/refresh_resources.ts";
import { implement } from "../service_group.ts";
import { builtOn, eraseDevice, findDevice } from "../system/block_storage.ts";

export const blockDeviceWipe = implement("storage.StorageService", {
  blockDeviceWipe: ({ devices }, context) => {
    requireAdminOrMaintenance(context);
    const { node } = context;
    // All of them before the first is touched.
    for (const device of devices) checkDevice(node, device);
    for (const { device, dropPartition } of devices) {
      if (systemPartitions[device] === "META") node.disk.wipe(["META"]);
      eraseDevice(node, device, { dropsPartition: dropPartition });
    }
    refreshResources(node, storageTypes);
    return { messages: [{}] };
  },
});

/** The volumes of Talos by device; in the order in which a node looks through them. */
const systemPartitions: Readonly<Record<string, string>> = {
  vda1: "EFI",
  vda4: "EPHEMERAL",
  vda2: "META",
  vda3: "STATE",
};
/** Those with a mounted file system. */
const mountedPartitions = ["vda3", "vda4"];

function checkDevice(
  node: SandboxNode,
  { device, skipVolumeCheck, skipSecondaryCheck }: BlockDeviceWipeDescriptor,
): void {
  const named = `blockdevice "${device}"`;
  const refuse = (text: string) => new RpcError("FailedPrecondition", text);
  // The one device of a machine that is no disk of its own.
  if (device === "loop0" && node.platform === "metal") throw refuse(`${named} is read-only`);
  const found = findDevice(node, device);
  if (found === undefined) throw new RpcError("NotFound", `${named} not found`);

  const { disk, partition } = found;
  if (disk.isReadOnly) throw refuse(`${named} is read-only`);
  if (disk.kind === "CD") throw refuse(`${named} is a CD-ROM`);
  const [user] = builtOn(node, device);
  if (user !== undefined && !skipSecondaryCheck) {
    const kind = partition === undefined ? "disk" : "blockdevice";
    throw refuse(`${named} is in use by ${kind} "${user}"`);
  }
  const volume = volumeOn(node, device, disk.isSystemDisk);
  if (volume !== undefined && !skipVolumeCheck) {
    throw refuse(`${named} is in use by volume "${volume}"`);
  }
  const parts = partition === undefined ? disk.partitions.map(({ name }) => name) : [];
  if ([device, ...parts].some((part) => isHeld(node, part))) {
    throw refuse(`block device "${device}" is mounted or in use`);
  }
}

/** The volume of Talos on this device, or the first on its partitions. */
function volumeOn(node: SandboxNode, device: string, isSystemDisk: boolean): string | undefined {
  if (!isSystemDisk || node.machineType === "unknown") return undefined;
  return systemPartitions[device] ?? Object.values(systemPartitions)[0];
}

function isHeld(node: SandboxNode, device: string): boolean {
  const isMounted = node.machineType !== "unknown" && mountedPartitions.includes(device);
  return isMounted || builtOn(node, device).length > 0;
}
