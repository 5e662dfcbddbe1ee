/** etcd on a control plane, as its node configured it. */

import { etcdOf } from "../etcd/etcd_cluster.ts";
import { onControlPlane, type Sources } from "./sources.ts";

/** The sources of this area. */
export const etcdSources: Sources = {
  "EtcdMembers.etcd.talos.dev": onControlPlane(({ node, cluster }) => {
    const member = etcdOf(cluster).memberOf(node);
    if (member === undefined || node.services.get("etcd")?.state !== "Running") return [];
    return [{ id: "local", owner: "etcd.MemberController", spec: { memberID: member.id } }];
  }),
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
