/** Roles as certificates and requests carry them (spec/client.md, 5.1). */

import { compareCodePoints } from "./output/code_point_order.ts";

/** The roles that Talos knows: what a new configuration may be made for. */
export const knownRoles: readonly string[] = [
  "os:admin",
  "os:operator",
  "os:reader",
  "os:etcd:backup",
  "os:image:verifier",
  "os:meta:writer",
  "os:impersonator",
];

/** Trimmed, each once, sorted; empty ones are dropped and unknown ones kept. */
export function roleSet(texts: readonly string[]): string[] {
  const roles = new Set(texts.map((text) => text.trim()));
  roles.delete("");
  return [...roles].sort(compareCodePoints);
}
