/** Which nodes can install an image as a call of its own, apart from the restart (spec/machine-ops.md, 9.2). */

import { compareVersions } from "../../core/compare_versions.ts";
import type { Context } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { joinFailures } from "../../core/join_failures.ts";
import { readServerVersions } from "../../core/version_check.ts";

/** Newer than the one, and older than the other. */
const range = ["1.13.0-alpha.2", "2.0.0"] as const;

/**
 * Whether all of the nodes do; one that does not outweighs what went wrong at others.
 *
 * @throws {CliError} `error checking Talos version compatibility: `, and a line a node that failed
 */
export async function knowUpgradeApi(
  { talos }: Pick<Context, "talos">,
  nodes: readonly string[],
): Promise<boolean> {
  const { versions, failures } = await readServerVersions({ talos }, nodes);
  const isInRange = ({ version }: { version: string }) =>
    compareVersions(version, range[0]) > 0 && compareVersions(version, range[1]) < 0;
  if (!versions.every(isInRange)) return false;
  if (failures.length > 0) {
    const failing = Promise.reject(joinFailures(failures));
    await withPrefix("error checking Talos version compatibility", failing);
  }
  return true;
}
