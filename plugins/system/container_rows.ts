/** How lists of containers are ordered, and how one shows that it belongs to the pod above it. */

import { compareCodePoints } from "../../core/output/code_point_order.ts";

/** A pod comes before its containers, whose ids begin with its own. */
export function sortById<C extends { id: string }>(containers: readonly C[]): C[] {
  return containers.toSorted((left, right) => compareCodePoints(left.id, right.id));
}

/** The id, below an edge where it is not that of the pod itself (spec/machine-read.md, 4). */
export function containerIdCell({ id, podId }: { id: string; podId: string }): string {
  return id === podId ? id : `└─ ${id}`;
}
