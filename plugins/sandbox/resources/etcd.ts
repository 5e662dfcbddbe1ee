/** etcd on a control plane, as its node configured it. */

import { etcdOf } from "../etcd/etcd_cluster.ts";
import { settingsOf } from "./settings.ts";
import { onControlPlane, type Sources } from "./sources.ts";

/** The sources of this area. */
export const etcdSources: Sources = {
  "EtcdMembers.etcd.talos.dev": onControlPlane(({ node, cluster }) => {
    const member = etcdOf(cluster).memberOf(node);
    if (member === undefined || node.services.get("etcd")?.state !== "Running") return [];
    return [{ id: "local", owner: "etcd.MemberController", spec: { memberID: member.id } }];
  }),
  "EtcdConfigs.etcd.talos.dev": onControlPlane(({ node }) => [{
    id: "etcd",
    owner: "etcd.ConfigController",
    spec: settingsOf(node).etcd,
  }]),
  "EtcdSpecs.etcd.talos.dev": onControlPlane(({ node, address }) => [{
    id: "etcd",
    owner: "etcd.SpecController",
    spec: {
      name: node.hostname,
      advertisedAddresses: [address],
      listenPeerAddresses: ["0.0.0.0"],
      listenClientAddresses: ["0.0.0.0"],
      ...settingsOf(node).etcd,
    },
  }]),
};
