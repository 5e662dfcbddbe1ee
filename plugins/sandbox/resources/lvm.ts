/** What LVM and software RAID show of themselves. */

import { formatBytes } from "../../../core/output/sizes.ts";
import { findDevice } from "../system/block_storage.ts";
import type { NodeFacts } from "./node_facts.ts";
import { onMetal, type Sources } from "./sources.ts";

/** The sources of this area. */
export const lvmSources: Sources = {
  "LVMVolumeGroupStatuses.storage.talos.dev": onMetal((facts) =>
    [...facts.node.disk.storage.volumeGroups].map(([name, group]) => {
      const sizeBytes = sum(group.physicalVolumes.map((path) => sizeOf(facts, path)));
      const freeBytes = sizeBytes - sum(group.logicalVolumes.map((volume) => volume.sizeBytes));
      return {
        id: name,
        owner: scanner,
        spec: {
          name,
          uuid: facts.uuid(`vg/${name}`),
          format: "lvm2",
          permissions: "writeable",
          size: String(sizeBytes),
          free: String(freeBytes),
          lvCount: String(group.logicalVolumes.length),
          pvCount: String(group.physicalVolumes.length),
          prettySize: formatBytes(sizeBytes),
          prettyFree: formatBytes(freeBytes),
        },
      };
    })
  ),
  "LVMLogicalVolumeStatuses.storage.talos.dev": onMetal((facts) =>
    [...facts.node.disk.storage.volumeGroups].flatMap(([group, { logicalVolumes }]) =>
      logicalVolumes.map(({ name, sizeBytes, isOpen }) => ({
        id: `${group}-${name}`,
        owner: scanner,
        spec: {
          path: `/dev/${group}/${name}`,
          name,
          fullName: `${group}/${name}`,
          vgName: group,
          uuid: facts.uuid(`lv/${group}/${name}`),
          layout: "linear",
          role: "public",
          permissions: "writeable",
          active: "active",
          deviceOpen: isOpen ? "open" : "",
          size: String(sizeBytes),
          prettySize: formatBytes(sizeBytes),
        },
      }))
    )
  ),
  "LVMPhysicalVolumeStatuses.storage.talos.dev": onMetal((facts) => {
    const { physicalVolumes, volumeGroups } = facts.node.disk.storage;
    return [...physicalVolumes].map((device) => {
      const sizeBytes = sizeOf(facts, device);
      const [vgName = ""] = [...volumeGroups].find(([, group]) =>
        group.physicalVolumes.includes(device)
      ) ?? [];
      return {
        id: deviceName(device),
        owner: scanner,
        spec: {
          device,
          vgName,
          uuid: facts.uuid(`pv/${device}`),
          format: "lvm2",
          allocatable: vgName === "" ? "" : "allocatable",
          size: String(sizeBytes),
          deviceSize: String(sizeBytes),
          prettySize: formatBytes(sizeBytes),
          prettyDeviceSize: formatBytes(sizeBytes),
        },
      };
    });
  }),
  "MDArrayStatuses.storage.talos.dev": onMetal(({ node, uuid }) =>
    [...node.disk.storage.arrays].map(([device, { members }]) => ({
      id: deviceName(device),
      owner: "storage.MDArrayReconcileController",
      spec: {
        level: "raid1",
        device,
        members: [...members],
        status: "ready",
        raidDevices: members.length,
        uuid: uuid(`md/${device}`),
        arrayState: "clean",
        syncAction: "idle",
      },
    }))
  ),
};

const scanner = "storage.LVMScanController";

function deviceName(path: string): string {
  return path.replace("/dev/", "");
}

function sizeOf({ node }: NodeFacts, path: string): number {
  const { disk, partition } = findDevice(node, deviceName(path)) ?? {};
  return (partition ?? disk)?.sizeBytes ?? 0;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0);
}
