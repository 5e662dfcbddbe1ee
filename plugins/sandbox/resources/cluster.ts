/** Who is in the cluster, as a node sees it: members, affiliates, its own identity. */

import type { SandboxNode } from "../node.ts";
import { clusterSecrets } from "./cluster_secrets.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const clusterSources: Sources = {
  "Members.cluster.talos.dev": (facts) =>
    joined(facts).map((member) => ({
      id: member.hostname,
      owner: "cluster.MemberController",
      // A control plane hears of itself twice.
      version: member === facts.node && facts.isControlPlane ? 2 : 1,
      spec: memberSpec(member),
    })),
  "Affiliates.cluster.talos.dev": (facts) => [
    ...joined(facts).map((member): ResourceSeed => ({
      id: member.nodeId,
      owner: member === facts.node
        ? "cluster.LocalAffiliateController"
        : "cluster.AffiliateMergeController",
      spec: affiliateSpec(member),
    })),
    ...joined(facts).filter((member) => member !== facts.node).map((member): ResourceSeed => ({
      id: `service/${member.nodeId}`,
      namespace: "cluster-raw",
      owner: "cluster.DiscoveryServiceController",
      spec: affiliateSpec(member),
    })),
  ],
  "Identities.cluster.talos.dev": whenConfigured(({ node: { nodeId } }) => [{
    id: "local",
    owner: "cluster.NodeIdentityController",
    spec: { nodeId },
  }]),
  "Infos.cluster.talos.dev": whenConfigured(({ cluster }) => [{
    id: "current",
    owner: "cluster.InfoController",
    spec: { clusterId: clusterSecrets(cluster).clusterId, clusterName: cluster.name },
  }]),
};

/** Nodes that have a machine configuration; one without sees nobody. */
function joined({ cluster, isConfigured }: NodeFacts): readonly SandboxNode[] {
  if (!isConfigured) return [];
  return cluster.nodes().filter(({ machineType }) => machineType !== "unknown");
}

function memberSpec({ nodeId, addresses, hostname, machineType, version }: SandboxNode) {
  return {
    nodeId,
    addresses,
    hostname,
    machineType,
    operatingSystem: `Talos (${version.tag})`,
    ...(machineType === "controlplane" ? { controlPlane: { port: 6443 } } : {}),
  };
}

function affiliateSpec(member: SandboxNode) {
  return { ...memberSpec(member), nodename: member.hostname };
}
