/** Who calls: roles as certificates and requests state them. What they may call is in `core/method_roles.ts`. */

/** The role whose holders may speak for others by `talos-role`. */
export const impersonator = "os:impersonator";

/** A role set as Talos reads it: trimmed, without empty and repeated ones, sorted; unknown ones stay. */
export function roleSet(roles: readonly string[]): readonly string[] {
  return [...new Set(roles.map((role) => role.trim()).filter((role) => role !== ""))].sort();
}

/** The roles of a caller with this certificate, who may state others where it is an impersonator (spec/client.md, 5.2). */
export function callerRoles(
  organizations: readonly string[],
  stated: readonly string[] | undefined,
): readonly string[] {
  const own = roleSet(organizations);
  return own.includes(impersonator) && stated !== undefined ? roleSet(stated) : own;
}
