/** etcd on a control plane, as its node configured it. */

import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";
import type { ClusterFacts } from "./node_facts.ts";
import { onControlPlane, type Sources } from "./sources.ts";

/** The sources of this area. */
export const etcdSources: Sources = {
  "EtcdMembers.etcd.talos.dev": onControlPlane(({ node, cluster }) =>
    node.services.get("etcd")?.state === "Running"
      ? [{
        id: "local",
        owner: "etcd.MemberController",
        spec: { memberID: etcdMemberId(node, cluster) },
      }]
      : []
  ),
  "EtcdSpecs.etcd.talos.dev": onControlPlane(({ node: { hostname }, address }) => [{
    id: "etcd",
    owner: "etcd.SpecController",
    spec: {
      name: hostname,
      advertisedAddresses: [address],
      listenPeerAddresses: ["0.0.0.0"],
      listenClientAddresses: ["0.0.0.0"],
      image: "registry.k8s.io/etcd:3.7.1",
      extraArgs: { "peer-skip-client-san-verification": { values: ["true"] } },
    },
  }]),
};

/** 16 hex digits. */
export function etcdMemberId({ name }: SandboxNode, { seed }: ClusterFacts): string {
  return seededRandom(seed, `${name}/etcd`).bytes(8).toHex();
}
