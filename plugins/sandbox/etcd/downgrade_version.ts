/** The version of a downgrade, as Talos takes it (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";

/** Versions before it cannot be gone back to. */
const oldest = { major: 3, minor: 5 };

/** `MAJOR.MINOR` of a version that can be asked for. */
export function checkDowngradeVersion(version: string): string {
  const refuse = (text: string) => new RpcError("InvalidArgument", text);
  if (version === "") throw refuse("version is required for etcd downgrade");
  const words = version.split(".");
  if (words.length !== 2) throw refuse("version should be in MAJOR.MINOR format");
  const [major, minor] = words.map((word) => /^\d+$/.test(word) ? Number(word) : undefined);
  if (major === undefined) throw refuse("major version should be a number");
  if (minor === undefined) throw refuse("minor version should be a number");
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    throw refuse("etcd downgrade is only supported to 3.5 and later versions");
  }
  return `${major}.${minor}`;
}
