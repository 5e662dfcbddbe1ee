/** Which calls of a plugin are made: the grant is enforced here, before anything goes out. */

import { CliError } from "../errors.ts";
import { isOpenToReaders } from "../method_roles.ts";
import type { RpcGrant } from "../plugin_manifest.ts";

/** Whether a grant covers a method; `service` with its package. */
function isGranted(rpcs: RpcGrant, service: string, method: string): boolean {
  if (rpcs === "all") return true;
  if (rpcs === "read-only") return isOpenToReaders(service, method);
  return rpcs.includes(`${service}/${method}`);
}

/**
 * Refuses what a grant does not cover.
 *
 * @throws {CliError}
 */
export function checkGranted(
  plugin: { name: string; rights: { rpcs: RpcGrant } },
  service: string,
  method: string,
): void {
  const { name, rights: { rpcs } } = plugin;
  if (isGranted(rpcs, service, method)) return;
  throw new CliError(`calling ${service}/${method}: plugin ${name} was not granted this call`, {
    hint: `it may make ${describe(rpcs)}; its plugin.json asks for calls under "rpcs"`,
  });
}

function describe(rpcs: RpcGrant): string {
  if (rpcs === "all") return "all calls";
  if (rpcs === "read-only") return "calls that only read";
  return rpcs.length === 0 ? "no calls" : `these calls: ${rpcs.join(", ")}`;
}
