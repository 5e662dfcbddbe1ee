/** Kubernetes on a node: its name and address there, what the kubelet was told, whom it can reach. */

import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
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
  "KubePrismConfigs.kubernetes.talos.dev": whenConfigured((facts) => {
    const { kubePrismPort: port } = settingsOf(facts.node);
    if (port === undefined) return [];
    return [{
      id: "k8s-loadbalancer-config",
      owner: "k8s.KubePrismConfigController",
      version: 3,
      spec: { host: "127.0.0.1", port, endpoints: apiEndpoints(facts) },
    }];
  }),
  "KubePrismStatuses.kubernetes.talos.dev": whenConfigured(({ node }) => {
    const { kubePrismPort: port } = settingsOf(node);
    if (port === undefined) return [];
    return [{
      id: "k8s-loadbalancer",
      owner: "k8s.KubePrismController",
      version: 2,
      spec: { host: `127.0.0.1:${port}`, healthy: true },
    }];
  }),
  "KubePrismEndpoints.kubernetes.talos.dev": whenConfigured((facts) => [{
    id: "k8s-cluster",
    owner: "k8s.KubePrismEndpointsController",
    version: 3,
    spec: { endpoints: apiEndpoints(facts) },
  }]),
  "KubeletConfigs.kubernetes.talos.dev": whenConfigured(({ node }) => {
    const { kubelet, dnsDomain } = settingsOf(node);
    return [{
      id: "kubelet",
      owner: "k8s.KubeletConfigController",
      spec: {
        image: kubelet.image,
        clusterDNS: kubelet.clusterDns,
        clusterDomain: dnsDomain,
        extraArgs: { "rotate-server-certificates": { values: ["true"] }, ...kubelet.extraArgs },
        ...(Object.keys(kubelet.extraConfig).length > 0
          ? { extraConfig: kubelet.extraConfig }
          : {}),
        defaultRuntimeSeccompEnabled: kubelet.hasDefaultSeccomp,
        staticPodListURL: staticPodServer,
        disableManifestsDirectory: true,
      },
    }];
  }),
  "KubeletStatuses.kubernetes.talos.dev": whenConfigured(({ node }) => [{
    id: "kubelet",
    owner: "k8s.KubeletStatusController",
    spec: { image: settingsOf(node).kubelet.image },
  }]),
  "NodeIPConfigs.kubernetes.talos.dev": whenConfigured(({ node }) => {
    const { validNodeIpSubnets, podSubnets, serviceSubnets } = settingsOf(node);
    return [{
      id: "kubelet",
      owner: "k8s.NodeIPConfigController",
      spec: {
        validSubnets: validNodeIpSubnets,
        excludeSubnets: [...podSubnets, ...serviceSubnets],
      },
    }];
  }),
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
  const { nodeLabels, nodeAnnotations } = settingsOf(facts.node);
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
        ...nodeLabels,
      },
      annotations: {
        "flannel.alpha.coreos.com/backend-type": "vxlan",
        "node.alpha.kubernetes.io/ttl": "0",
        "talos.dev/owned-annotations": JSON.stringify(Object.keys(nodeAnnotations).sort()),
        ...nodeAnnotations,
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
