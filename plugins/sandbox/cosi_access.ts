/** Which resources a caller may read (spec/resources.md, 2.4), decided by the definitions that the node itself holds. */

import { RpcError } from "../../core/errors.ts";
import type { CosiStore } from "./cosi_store.ts";
import definitions from "./data/resource_definitions.json" with { type: "json" };
import { definitionType, namespaceType } from "./shared_resources.ts";

const sensitiveTypes = new Set(
  definitions.filter(({ sensitive }) => sensitive).map(({ type }) => type.toLowerCase()),
);

/** Throws the refusal; the order of the checks is Talos'. */
export function checkReadAccess(
  store: CosiStore,
  { namespace, type, roles }: { namespace: string; type: string; roles: readonly string[] },
): void {
  const id = type.toLowerCase();
  if (store.get("meta", definitionType, id) === undefined) {
    throw new RpcError("PermissionDenied", `resource type "${type}" is not supported`);
  }
  if (sensitiveTypes.has(id) && !roles.includes("os:admin")) {
    throw new RpcError("PermissionDenied", "not authorized");
  }
  if (store.get("meta", namespaceType, namespace) === undefined) {
    throw new RpcError("PermissionDenied", `namespace "${namespace}" is not supported`);
  }
}
