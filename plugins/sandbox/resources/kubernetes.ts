/** Kubernetes on a node: its name and address there, what the kubelet was told, whom it can reach. */

import { kubernetesVersion } from "../system/pods.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { onControlPlane, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const kubernetesSources: Sources = {
  "Nodenames.kubernetes.talos.dev": whenConfigured(({ node: { hostname } }) => [{
    id: "nodename",
    owner: "k8s.NodenameController",
    spec: { nodename: hostname, hostnameVersion: "1" },
  }]),
  "NodeIPs.kubernetes.talos.dev": whenConfigured(({ address }) => [{
    id: "kubelet",
    owner: "k8s.NodeIPController",
    spec: { addresses: [address] },
  }]),
  "NodeStatuses.kubernetes.talos.dev": whenConfigured(nodeStatus),
  "Endpoints.kubernetes.talos.dev": whenConfigured(({ endpoint, controlPlanes }) => [
    {
      id: "controlplane",
      owner: "k8s.StaticEndpointController",
      spec: { addresses: [endpoint.replace(/:\d+$/, "")] },
    },
    {
      id: "discovery",
      owner: "cluster.EndpointController",
      version: 3,
      spec: { addresses: controlPlanes.flatMap(({ addresses }) => addresses.slice(0, 1)) },
    },
  ]),
  "KubePrismConfigs.kubernetes.talos.dev": whenConfigured((facts) => [{
    id: "k8s-loadbalancer-config",
    owner: "k8s.KubePrismConfigController",
    version: 3,
    spec: { host: "127.0.0.1", port: 7445, endpoints: apiEndpoints(facts) },
  }]),
  "KubePrismEndpoints.kubernetes.talos.dev": whenConfigured((facts) => [{
    id: "k8s-cluster",
    owner: "k8s.KubePrismEndpointsController",
    version: 3,
    spec: { endpoints: apiEndpoints(facts) },
  }]),
  "KubeletConfigs.kubernetes.talos.dev": whenConfigured(() => [{
    id: "kubelet",
    owner: "k8s.KubeletConfigController",
    spec: {
      image: `ghcr.io/siderolabs/kubelet:${kubernetesVersion}`,
      clusterDNS: ["10.96.0.10"],
      clusterDomain: "cluster.local",
      extraArgs: { "rotate-server-certificates": { values: ["true"] } },
      defaultRuntimeSeccompEnabled: true,
      staticPodListURL: staticPodServer,
      disableManifestsDirectory: true,
    },
  }]),
  "StaticPodServerStatuses.kubernetes.talos.dev": whenConfigured(() => [{
    id: "static-pod-server-status",
    owner: "k8s.StaticPodServerController",
    spec: { url: staticPodServer },
  }]),
  "StaticPodStatuses.kubernetes.talos.dev": onControlPlane(staticPodStatuses),
};

const staticPodServer = "http://127.0.0.1:36233";
const controlPlanePods = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

function isKubeletUp({ node }: NodeFacts): boolean {
  return node.services.get("kubelet")?.state === "Running";
}

function nodeStatus(facts: NodeFacts): readonly ResourceSeed[] {
  const { node: { hostname, version }, isControlPlane, podNetwork } = facts;
  if (!isKubeletUp(facts)) return [];
  const controlPlaneLabels = {
    "node-role.kubernetes.io/control-plane": "",
    "node.kubernetes.io/exclude-from-external-load-balancers": "",
  };
  return [{
    id: hostname,
    owner: "k8s.NodeStatusController",
    version: 5,
    spec: {
      nodename: hostname,
      nodeReady: true,
      labels: {
        "beta.kubernetes.io/arch": version.arch,
        "beta.kubernetes.io/os": version.os,
        "kubernetes.io/arch": version.arch,
        "kubernetes.io/hostname": hostname,
        "kubernetes.io/os": version.os,
        ...isControlPlane ? controlPlaneLabels : {},
      },
      annotations: {
        "flannel.alpha.coreos.com/backend-type": "vxlan",
        "node.alpha.kubernetes.io/ttl": "0",
        "talos.dev/owned-annotations": "[]",
      },
      podCIDRs: podNetwork === undefined ? [] : [`${podNetwork}.0/24`],
    },
  }];
}

/** The endpoint of the configuration, the node itself, then every control plane. */
function apiEndpoints({ endpoint, controlPlanes, isControlPlane }: NodeFacts) {
  const [configured = ""] = endpoint.split(":");
  const hosts = [
    configured,
    ...isControlPlane ? ["localhost"] : [],
    ...controlPlanes.flatMap(({ addresses }) => addresses.slice(0, 1)),
  ];
  return [...new Set(hosts)].map((host) => ({ host, port: 6443 }));
}

function staticPodStatuses(facts: NodeFacts): readonly ResourceSeed[] {
  const { node: { hostname, bootedAt }, address } = facts;
  if (!isKubeletUp(facts)) return [];
  const startTime = bootedAt.toISOString().replace(/\.\d+Z$/, "Z");
  return controlPlanePods.map((name) => ({
    id: `kube-system/${name}-${hostname}`,
    owner: "k8s.KubeletStaticPodController",
    spec: {
      conditions: [
        { lastProbeTime: null, status: "True", type: "PodReadyToStartContainers" },
        ...["Initialized", "Ready", "ContainersReady"].map((type) => ({ status: "True", type })),
      ],
      hostIP: address,
      phase: "Running",
      podIP: address,
      qosClass: "Burstable",
      startTime,
    },
  }));
}
