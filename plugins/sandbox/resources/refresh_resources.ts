/** Has those who watch resources see a change that no event tells of. */

import type { SandboxNode } from "../node.ts";
import { namespaceOf } from "./resource_seed.ts";

/** Brings resources of these types up to date. */
export function refreshResources({ resources }: SandboxNode, types: readonly string[]): void {
  // Reading is what makes them anew.
  for (const type of types) resources.list(namespaceOf(type, { id: "", spec: {} }), type);
}

/** The types that show what disks hold. */
export const storageTypes = [
  "BlockDevices.block.talos.dev",
  "DiscoveredVolumes.block.talos.dev",
  "Disks.block.talos.dev",
  "LVMLogicalVolumeStatuses.storage.talos.dev",
  "LVMPhysicalVolumeStatuses.storage.talos.dev",
  "LVMVolumeGroupStatuses.storage.talos.dev",
  "MDArrayStatuses.storage.talos.dev",
];
