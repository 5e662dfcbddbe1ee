/** Which nodes a cluster has, under which names and addresses: known before it is started. */

import type { MachineType } from "./node.ts";

/** What the plan follows from. */
export interface NodeCounts {
  name: string;
  controlPlanes: number;
  workers: number;
  /** Nodes without a machine configuration. */
  maintenance?: number;
}

/** A node to be. */
export interface PlannedNode {
  name: string;
  address: string;
  machineType: MachineType;
}

/** The nodes in order: control planes, workers, those without a configuration. */
export function planNodes(
  { name, controlPlanes, workers, maintenance = 0 }: NodeCounts,
): readonly PlannedNode[] {
  const some = (count: number, machineType: MachineType, label: string) =>
    Array.from({ length: count }, (_, index) => ({
      machineType,
      name: `${name}-${label}-${index + 1}`,
    }));
  return [
    ...some(controlPlanes, "controlplane", "controlplane"),
    ...some(workers, "worker", "worker"),
    ...some(maintenance, "unknown", "machine"),
  ].map((node, index) => ({ ...node, address: nodeAddress(index) }));
}

/** 10.5.0.2 and on, as the official provisioners count. */
function nodeAddress(index: number): string {
  const number = index + 2;
  return `10.5.${number >> 8}.${number & 0xff}`;
}
