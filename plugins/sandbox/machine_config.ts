/** The machine configuration that a node starts with: what `gen config` makes for its type, without key material. */

import { toGoYaml } from "../../core/output/go_yaml.ts";
import { clusterSecrets, noPem } from "./resources/cluster_secrets.ts";
import { type ClusterFacts, nodeFacts } from "./resources/node_facts.ts";
import type { SandboxNode } from "./node.ts";
import { kubernetesVersion } from "./system/pods.ts";

const factoryImage =
  "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

/** The documents as one text. */
export function initialMachineConfig(node: SandboxNode, cluster: ClusterFacts): string {
  const documents = [
    machineDocument(node, cluster),
    ...clusterDocuments(node, cluster),
    ...kubernetesDocuments(node, cluster),
  ];
  return documents.map((document) => toGoYaml(document)).join("---\n");
}

function machineDocument(node: SandboxNode, cluster: ClusterFacts): object {
  const isControlPlane = node.machineType === "controlplane";
  const { machineToken, bootstrapToken } = clusterSecrets(cluster);
  return {
    version: "v1alpha1",
    debug: false,
    persist: true,
    machine: {
      type: node.machineType,
      token: machineToken,
      ca: { crt: noPem, key: isControlPlane ? noPem : "" },
      certSANs: [],
      features: { diskQuotaSupport: true },
    },
    cluster: {
      token: bootstrapToken,
      etcd: isControlPlane ? { ca: { crt: noPem, key: noPem } } : undefined,
    },
  };
}

function clusterDocuments(node: SandboxNode, cluster: ClusterFacts): readonly object[] {
  const { clusterId, clusterSecret } = clusterSecrets(cluster);
  const install = document("UnattendedInstallConfig", {
    installer: { image: `${factoryImage}:${node.version.tag}` },
    provisioning: { diskSelector: { match: 'disk.dev_path == "/dev/vda"' }, wipe: false },
  });
  return [
    document("DiscoveryServiceConfig", {
      name: "default",
      endpoint: "https://discovery.talos.dev/",
    }),
    document("DiscoveryIdentityConfig", { clusterID: clusterId, clusterSecret }),
    ...node.platform === "metal" ? [install] : [],
    document("ResolverConfig", { hostDNS: { enabled: true, forwardKubeDNSToHost: true } }),
    document("VolumeConfig", { name: "EPHEMERAL", mount: { secure: true } }),
    document("FilesystemTrimConfig", { interval: "168h0m0s" }),
    document("HostnameConfig", { hostname: node.hostname }),
  ];
}

function kubernetesDocuments(node: SandboxNode, cluster: ClusterFacts): readonly object[] {
  const isControlPlane = node.machineType === "controlplane";
  const { endpoint } = nodeFacts(node, cluster);
  const image = (kind: string, name: string, rest = {}) =>
    document(kind, { image: `registry.k8s.io/${name}:${kubernetesVersion}`, ...rest });
  const role = "node-role.kubernetes.io/control-plane";
  return [
    document("KubeClusterConfig", { clusterName: cluster.name, endpoint: `https://${endpoint}` }),
    document("KubeNodeConfig", {
      nodeIP: {},
      labels: isControlPlane
        ? { [role]: "", "node.kubernetes.io/exclude-from-external-load-balancers": "" }
        : undefined,
      taints: isControlPlane ? { [role]: "NoSchedule" } : undefined,
    }),
    document("KubeletConfig", {
      image: `ghcr.io/siderolabs/kubelet:${kubernetesVersion}`,
      config: {},
      defaultRuntimeSeccompProfileEnabled: true,
    }),
    document("KubeNetworkConfig", {
      dnsDomain: "cluster.local",
      podSubnets: ["10.244.0.0/16"],
      serviceSubnets: ["10.96.0.0/12"],
    }),
    document("KubePrismConfig", { port: 7445 }),
    ...isControlPlane
      ? [
        image("KubeAPIServerConfig", "kube-apiserver"),
        image("KubeControllerManagerConfig", "kube-controller-manager"),
        image("KubeSchedulerConfig", "kube-scheduler", { config: {} }),
        image("KubeProxyConfig", "kube-proxy", { config: {} }),
        document("KubeFlannelCNIConfig", { backendType: "vxlan", backendPort: 4789 }),
        document("KubeCoreDNSConfig", { enabled: true }),
      ]
      : [],
  ];
}

function document(kind: string, rest: object): object {
  return { apiVersion: "v1alpha1", kind, ...rest };
}
