/** The stage of a node and whether it is ready, from its services. */

import type { NodeFacts } from "./node_facts.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const machineStatusSources: Sources = {
  "MachineStatuses.runtime.talos.dev": (facts) => {
    const unmetConditions = conditions(facts);
    return [{
      id: "machine",
      owner: "runtime.MachineStatusController",
      version: facts.isControlPlane ? 9 : 7,
      spec: {
        stage: facts.node.stage,
        status: { ready: isSettled(facts) && unmetConditions.length === 0, unmetConditions },
      },
    }];
  },
};

/** Only a node that runs, or waits for its configuration, can be ready. */
function isSettled({ node: { stage } }: NodeFacts): boolean {
  return stage === "running" || stage === "maintenance";
}

function conditions(
  { node, isConfigured }: NodeFacts,
): readonly { name: string; reason: string }[] {
  if (!isConfigured) return [];
  const reasons: string[] = [];
  let isKubeletUp = true;
  for (const { kind, state, isHealthy } of node.services.values()) {
    const isRunning = state === "Running";
    if (!isRunning) reasons.push(`${kind.id} not running`);
    else if (kind.hasHealthCheck && isHealthy !== true) reasons.push(`${kind.id} [not healthy]`);
    else continue;
    if (kind.id === "kubelet") isKubeletUp = false;
  }
  const nodeReady = {
    name: "nodeReady",
    reason: `node "${node.hostname}" status is not available yet`,
  };
  return [
    ...reasons.length > 0 ? [{ name: "services", reason: reasons.join(", ") }] : [],
    ...isKubeletUp ? [] : [nodeReady],
  ];
}
