/** What a configuration says of Kubernetes and etcd on a node. */

import type { SandboxNode } from "../node.ts";
import { kubernetesVersion } from "../system/pods.ts";
import { configDocuments, valueAt } from "./config_documents.ts";
import { objectOf, type SettingsReader } from "./settings_reader.ts";

/** What Talos does by itself where nothing is said. */
export interface KubernetesSettings {
  dnsDomain: string;
  podSubnets: readonly string[];
  serviceSubnets: readonly string[];
  kubelet: KubeletSettings;
  nodeLabels: Readonly<Record<string, string>>;
  nodeAnnotations: Readonly<Record<string, string>>;
  /** `value:effect` or `effect`, by key. */
  nodeTaints: Readonly<Record<string, string>>;
  validNodeIpSubnets: readonly string[];
  kubePrismPort: number | undefined;
  /** More names of the Kubernetes API. */
  kubernetesSans: readonly string[];
  /** By the names of components. */
  images: Readonly<Record<string, string | undefined>>;
  etcd: { image: string; extraArgs: Args };
}

/** Arguments of a program, as specs hold them. */
export type Args = Readonly<Record<string, { values: readonly string[] }>>;

/** What the kubelet is told. */
export interface KubeletSettings {
  image: string;
  clusterDns: readonly string[];
  extraArgs: Args;
  extraConfig: Readonly<Record<string, unknown>>;
  hasDefaultSeccomp: boolean;
}

/** Reads them. */
export function kubernetesSettings(node: SandboxNode, reader: SettingsReader): KubernetesSettings {
  const { any, text, texts, map } = reader;
  const network = "v1alpha1/cluster.network";
  const serviceSubnets = texts("KubeNetworkConfig/serviceSubnets", `${network}.serviceSubnets`) ??
    ["10.96.0.0/12"];
  return {
    dnsDomain: text("KubeNetworkConfig/dnsDomain", `${network}.dnsDomain`) ?? "cluster.local",
    podSubnets: texts("KubeNetworkConfig/podSubnets", `${network}.podSubnets`) ??
      ["10.244.0.0/16"],
    serviceSubnets,
    kubelet: kubeletSettings(reader, serviceSubnets),
    nodeLabels: map("v1alpha1/machine.nodeLabels", "KubeNodeConfig/labels"),
    nodeAnnotations: map("v1alpha1/machine.nodeAnnotations", "KubeNodeConfig/annotations"),
    nodeTaints: map("v1alpha1/machine.nodeTaints", "KubeNodeConfig/taints"),
    validNodeIpSubnets:
      texts("KubeNodeConfig/nodeIP.validSubnets", "v1alpha1/machine.kubelet.nodeIP.validSubnets") ??
        ["0.0.0.0/0"],
    kubePrismPort: kubePrismPort(node, reader),
    kubernetesSans:
      texts("KubeAPIServerConfig/certExtraSANs", "v1alpha1/cluster.apiServer.certSANs") ?? [],
    images: {
      "kube-apiserver": text("KubeAPIServerConfig/image", "v1alpha1/cluster.apiServer.image"),
      "kube-controller-manager": text(
        "KubeControllerManagerConfig/image",
        "v1alpha1/cluster.controllerManager.image",
      ),
      "kube-scheduler": text("KubeSchedulerConfig/image", "v1alpha1/cluster.scheduler.image"),
      "kube-proxy": text("KubeProxyConfig/image", "v1alpha1/cluster.proxy.image"),
    },
    etcd: {
      image: text("v1alpha1/cluster.etcd.image") ?? "registry.k8s.io/etcd:3.7.1",
      extraArgs: {
        "peer-skip-client-san-verification": { values: ["true"] },
        ...argsOf(any("v1alpha1/cluster.etcd.extraArgs")),
      },
    },
  };
}

/** The image of a Kubernetes component. */
export function imageOf({ images }: KubernetesSettings, component: string): string {
  return images[component] ?? `registry.k8s.io/${component}:${kubernetesVersion}`;
}

/** The address with this number in a small network of IPv4; the first ones of others are not worked out. */
export function addressIn(subnet: string, number: number): string {
  const [, prefix] = /^(\d+\.\d+\.\d+)\.\d+\/\d+$/.exec(subnet) ?? [];
  const base = subnet.replace(/\/\d+$/, "");
  return prefix === undefined ? `${base}${number.toString(16)}` : `${prefix}.${number}`;
}

function kubeletSettings(
  { any, text, texts, isOn }: SettingsReader,
  serviceSubnets: readonly string[],
): KubeletSettings {
  const main = "v1alpha1/machine.kubelet";
  const dnsNumber = 10;
  return {
    image: text("KubeletConfig/image", `${main}.image`) ??
      `ghcr.io/siderolabs/kubelet:${kubernetesVersion}`,
    clusterDns: texts("KubeletConfig/clusterDNS", `${main}.clusterDNS`) ??
      serviceSubnets.map((subnet) => addressIn(subnet, dnsNumber)),
    extraArgs: argsOf(any("KubeletConfig/extraArgs", `${main}.extraArgs`)),
    extraConfig: objectOf(any("KubeletConfig/config", `${main}.extraConfig`)),
    hasDefaultSeccomp: isOn(
      true,
      "KubeletConfig/defaultRuntimeSeccompProfileEnabled",
      `${main}.defaultRuntimeSeccompProfileEnabled`,
    ),
  };
}

function kubePrismPort(node: SandboxNode, { any }: SettingsReader): number | undefined {
  const [document] = configDocuments(node, "KubePrismConfig");
  const defaultPort = 7445;
  if (document !== undefined) return Number(valueAt(document, "port") ?? 0) || defaultPort;
  const feature = any("v1alpha1/machine.features.kubePrism");
  if (valueAt(feature, "enabled") !== true) return undefined;
  return Number(valueAt(feature, "port") ?? 0) || defaultPort;
}

function argsOf(value: unknown): Args {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, given]) =>
      [name, { values: Array.isArray(given) ? given.map(String) : [String(given)] }] as const
    ),
  );
}
