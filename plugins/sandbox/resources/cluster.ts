/** Who is in the cluster, as a node sees it: members, affiliates, its own identity. */

import type { SandboxNode } from "../node.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { isDiscovering, settingsOf } from "./settings.ts";
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
  "Infos.cluster.talos.dev": whenConfigured(({ node, cluster }) => {
    const { identity: { clusterId }, clusterName = cluster.name } = settingsOf(node);
    return [{
      id: "current",
      owner: "cluster.InfoController",
      spec: { clusterId, clusterName },
    }];
  }),
};

/** The nodes that find each other; one without a configuration, or without discovery, finds nobody. */
function joined({ node, cluster }: NodeFacts): readonly SandboxNode[] {
  return isMember(node) ? cluster.nodes().filter(isMember) : [];
}

function isMember(node: SandboxNode): boolean {
  return node.machineType !== "unknown" && isDiscovering(node);
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
