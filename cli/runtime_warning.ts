/** The one thing to know about newer runtimes: from 2.9.4 on they abort when an idle connection is told to go away. */

import { compareVersions } from "../core/compare_versions.ts";

const firstAffected = "2.9.4";
const recommended = "2.9.3";

/**
 * What to tell somebody whose command will wait on connections for long, as nodes that restart send GOAWAY on them
 * (denoland/deno issue 36788, open when this was written).
 *
 * @param version The runtime's own, such as `2.9.3`.
 */
export function runtimeWarning(version: string): string | undefined {
  if (compareVersions(version, firstAffected) < 0) return undefined;
  return `WARNING: Deno ${version} may abort when a node restarts while this command waits, ` +
    `use Deno ${recommended}`;
}
