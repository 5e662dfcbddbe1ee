/** Methods that a reader may call, but only on a node without a configuration (spec/machine-ops.md, 16.1). */

import { RpcError } from "../../core/errors.ts";
import { isInMaintenance } from "./node.ts";
import type { HandlerContext } from "./service_group.ts";

/** Refuses whoever is no admin on a node that was configured. */
export function requireAdminOrMaintenance({ node, roles }: HandlerContext): void {
  if (isInMaintenance(node) || roles.includes("os:admin")) return;
  throw new RpcError("PermissionDenied", "not authorized");
}
