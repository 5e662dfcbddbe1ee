/** The services of a node as resources: there while they run. */

import type { NodeService } from "../node_services.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const serviceSources: Sources = {
  "Services.v1alpha1.talos.dev": ({ node }) =>
    running(node.services.values()).map(({ kind, isHealthy }) => ({
      id: kind.id,
      owner: "v1alpha1.ServiceController",
      version: kind.hasHealthCheck ? 2 : 1,
      spec: { running: true, healthy: isHealthy ?? false, unknown: isHealthy === undefined },
    })),
  "ServicePIDs.runtime.talos.dev": (facts) =>
    running(facts.node.services.values()).flatMap((service) => {
      const pid = processId(service);
      if (pid === undefined) return [];
      return [{
        id: service.kind.id,
        spec: { pid, mountNamespace: mountNamespace(facts, service) },
      }];
    }),
};

function running(services: Iterable<NodeService>): readonly NodeService[] {
  return [...services].filter(({ state }) => state === "Running");
}

/** As its start said; machined is the first process, and other goroutines are part of it. */
function processId({ kind }: NodeService): number | undefined {
  if (kind.id === "machined") return 1;
  const [, digits] = /\bPID (\d+)/.exec(kind.started) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Processes of the host share one; each container has its own. */
function mountNamespace(facts: NodeFacts, { kind }: NodeService): string {
  const isContainer = kind.started.startsWith("Started task");
  const offset = isContainer ? parseInt(facts.hex(`mnt/${kind.id}`, 2), 16) : 0;
  return `mnt:[${4026532248 + offset}]`;
}
