/** Whether a node is ready, and what keeps it from that (spec/machine-ops.md, 16.5). */

import type { MachineStage, SandboxNode } from "./node.ts";

/** Something that a node waits for before it is ready. */
export interface UnmetCondition {
  name: "time" | "network" | "services" | "staticPods" | "nodeReady";
  reason: string;
}

/** What MachineStatus says, as a resource and as an event. */
export interface MachineStatus {
  stage: MachineStage;
  ready: boolean;
  unmetConditions: readonly UnmetCondition[];
}

/** The status of a node as of now; conditions count only while it boots and while it runs. */
export function machineStatus(node: SandboxNode): MachineStatus {
  const { stage } = node;
  const unmetConditions = stage === "booting" || stage === "running" ? conditions(node) : [];
  return { stage, ready: unmetConditions.length === 0, unmetConditions };
}

function conditions(node: SandboxNode): readonly UnmetCondition[] {
  // The first look at its services boots a node.
  const services = unmetServices(node);
  const { hasTime, hasNetwork, isReadyInKubernetes } = node.progress;
  const unmet: UnmetCondition[] = [];
  if (!hasTime) unmet.push({ name: "time", reason: "time is not synced" });
  if (!hasNetwork) {
    unmet.push({ name: "network", reason: "waiting on: address, connectivity, hostname" });
  }
  if (services.length > 0) unmet.push({ name: "services", reason: services.join(", ") });
  if (node.machineType === "unknown") return unmet;
  const hasKubelet = node.services.get("kubelet")?.state === "Running";
  if (!hasKubelet || !isReadyInKubernetes) {
    const state = hasKubelet ? "is not ready" : "status is not available yet";
    unmet.push({ name: "nodeReady", reason: `node "${node.hostname}" ${state}` });
  }
  return unmet;
}

/** What is missing or unhealthy: of the services that there are, then of those that have to be there. */
function unmetServices({ services, machineType }: SandboxNode): readonly string[] {
  const reasons: string[] = [];
  for (const { kind, state, isHealthy } of services.values()) {
    if (state !== "Running") reasons.push(`${kind.id} not running`);
    else if (kind.hasHealthCheck && isHealthy !== true) reasons.push(`${kind.id} not healthy`);
  }
  for (const id of required[machineType]) {
    if (!services.has(id)) reasons.push(`${id} not running`);
  }
  return reasons;
}

const required = {
  unknown: ["apid", "machined"],
  worker: ["apid", "machined", "kubelet"],
  controlplane: ["apid", "machined", "kubelet", "etcd", "trustd"],
} as const;
