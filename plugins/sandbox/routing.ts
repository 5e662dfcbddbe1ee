/** Apid's decision where a call goes (spec/client.md, 4.3): pure, rule by rule in its order. */

import { isIPv6 } from "node:net";
import { RpcError } from "../../core/errors.ts";
import type { CallMetadata } from "./call.ts";

/** What the decision depends on besides the call. */
export interface ApidFacts {
  /** Off in maintenance mode. */
  routes: boolean;
  /** Workers have no client certificate, so they cannot dial another node. */
  canForward: boolean;
  /** Its addresses, hostname and FQDN. */
  ownNames: readonly string[];
}

/** Where a call goes. */
export type Route =
  | { to: "local" }
  | { to: "one"; target: string }
  | { to: "many"; targets: readonly string[] };

const aggregatedServices = [
  "machine.MachineService",
  "cluster.ClusterService",
  "inspect.InspectService",
  "storage.StorageService",
  "time.TimeService",
];

/** Decides; throws the status that apid itself answers. */
export function route(path: string, metadata: CallMetadata, self: ApidFacts): Route {
  if (!self.routes || metadata.has("proxyfrom")) return { to: "local" };

  const node = metadata.get("node");
  if (node !== undefined && node.length !== 1) {
    throw new RpcError("InvalidArgument", "node metadata must be single-valued");
  }
  const nodes = metadata.get("nodes");
  const single = nodes?.length === 1 ? nodes[0] : nodes === undefined ? node?.[0] : undefined;
  if (!self.canForward && single !== undefined && self.ownNames.includes(single)) {
    return { to: "local" };
  }

  const targets = nodes ?? node;
  if (targets === undefined) return { to: "local" };
  if (nodes !== undefined && !canAggregate(path)) {
    const text = `one-2-many proxying is not supported for method ${path}`;
    throw new RpcError("InvalidArgument", text);
  }
  if (!self.canForward) throw new RpcError("PermissionDenied", "no request forwarding");
  for (const target of targets) {
    if (!isTarget(target)) throw new RpcError("Internal", `invalid target "${target}"`);
  }
  return nodes !== undefined ? { to: "many", targets } : { to: "one", target: targets[0] ?? "" };
}

/** An address (IPv6 in brackets or not) or a host name: no port, no URL. */
function isTarget(target: string): boolean {
  if (target === "") return false;
  const bare = target.replace(/^\[(.*)\]$/, "$1");
  return isIPv6(bare) || !/[:/]/.test(target);
}

function canAggregate(path: string): boolean {
  return aggregatedServices.some((service) => path.startsWith(`/${service}/`));
}
