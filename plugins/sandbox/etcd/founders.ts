/** The control planes that a sandbox starts with: its etcd is theirs. Apart from the rest, which is loaded when etcd is looked at. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";

/** By the clock, which all that belongs to one cluster has in common. */
const founders = new WeakMap<SandboxClock, readonly SandboxNode[]>();

/** Remembers them, before anything has changed. */
export function rememberFounders(clock: SandboxClock, nodes: readonly SandboxNode[]): void {
  founders.set(clock, nodes.filter(({ machineType }) => machineType === "controlplane"));
}

/** As they were remembered. */
export function foundersOf(clock: SandboxClock): readonly SandboxNode[] {
  return founders.get(clock) ?? [];
}
