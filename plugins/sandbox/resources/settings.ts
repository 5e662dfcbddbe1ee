/** What a node's configuration says, read once: from its documents, or from the main document of older ones. */

import type { NodeConfig, SandboxNode } from "../node.ts";
import { kubernetesVersion } from "../system/pods.ts";
import { configDocuments, configValues, valueAt } from "./config_documents.ts";

/** What resources are derived from; without a configuration, what Talos does by itself. */
export interface NodeSettings {
  /** Undefined leaves it to the cluster. */
  clusterName: string | undefined;
  /** `host:port` of the Kubernetes API; undefined leaves it to the cluster. */
  endpoint: string | undefined;
  dnsDomain: string;
  podSubnets: readonly string[];
  serviceSubnets: readonly string[];
  /** By hand; none leaves them to the platform. */
  nameServers: readonly string[];
  searchDomains: readonly string[];
  hasHostDns: boolean;
  resolvesMemberNames: boolean;
  timeServers: readonly string[];
  isTimeSyncDisabled: boolean;
  /** By the names of files, such as `proc.sys.net.core.somaxconn`. */
  kernelParameters: Readonly<Record<string, string>>;
  kernelModules: readonly { name: string; parameters: readonly string[] }[];
  /** Names by address. */
  staticHosts: Readonly<Record<string, readonly string[]>>;
  links: readonly LinkSettings[];
  kubelet: KubeletSettings;
  nodeLabels: Readonly<Record<string, string>>;
  nodeAnnotations: Readonly<Record<string, string>>;
  /** `value:effect` or `effect`, by key. */
  nodeTaints: Readonly<Record<string, string>>;
  validNodeIpSubnets: readonly string[];
  kubePrismPort: number | undefined;
  /** The authority of the Talos API in base64, and what nodes join with. */
  operatingSystem: { certificate: string; key: string; token: string };
  /** More names of the Talos API. */
  apiSans: readonly string[];
  /** More names of the Kubernetes API. */
  kubernetesSans: readonly string[];
  /** Of Kubernetes components, by their names. */
  images: Readonly<Record<string, string | undefined>>;
  etcd: { image: string; extraArgs: Args };
  discovery: { isEnabled: boolean; endpoint: string; usesKubernetes: boolean };
  identity: { clusterId: string; clusterSecret: string };
  kubeSpan: KubeSpanSettings;
  environment: Readonly<Record<string, string>>;
  kernelLogUrls: readonly string[];
  eventSink: string | undefined;
  watchdog: { device: string; timeout: string } | undefined;
  registries: RegistrySettings;
}

/** An interface that the configuration sets up. */
export interface LinkSettings {
  name: string;
  mtuBytes: number;
  addresses: readonly string[];
  routes: readonly { destination: string; gateway: string; source: string; metric: number }[];
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

/** The mesh of nodes. */
export interface KubeSpanSettings {
  isEnabled: boolean;
  advertisesKubernetesNetworks: boolean;
  bypassesDownPeers: boolean;
  harvestsEndpoints: boolean;
  mtuBytes: number;
  endpointFilters: readonly string[];
}

/** Where images come from. */
export interface RegistrySettings {
  mirrors: Readonly<Record<string, { endpoints: readonly object[]; skipFallback: boolean }>>;
  auths: Readonly<Record<string, object>>;
}

/** The image of a Kubernetes component. */
export function imageOf({ images }: NodeSettings, component: string): string {
  return images[component] ?? `registry.k8s.io/${component}:${kubernetesVersion}`;
}

const read = new WeakMap<NodeConfig, NodeSettings>();

/** The settings of a node as of now. */
export function settingsOf(node: SandboxNode): NodeSettings {
  const { config } = node;
  if (config === undefined) return readSettings(node);
  const known = read.get(config) ?? readSettings(node);
  read.set(config, known);
  return known;
}

function readSettings(node: SandboxNode): NodeSettings {
  const get = (...places: string[]) => firstOf(node, places);
  const text = (...places: string[]) => textOf(get(...places));
  const texts = (...places: string[]) => textsOf(get(...places));
  const isOn = (otherwise: boolean, ...places: string[]) => {
    const value = get(...places);
    return typeof value === "boolean" ? value : otherwise;
  };
  const endpoint = text("KubeClusterConfig/endpoint", "v1alpha1/cluster.controlPlane.endpoint");
  const url = endpoint === undefined ? null : URL.parse(endpoint);
  const serviceSubnets = texts(
    "KubeNetworkConfig/serviceSubnets",
    "v1alpha1/cluster.network.serviceSubnets",
  ) ?? ["10.96.0.0/12"];
  return {
    clusterName: text("KubeClusterConfig/clusterName", "v1alpha1/cluster.clusterName"),
    endpoint: url === null ? undefined : `${url.hostname}:${url.port || "443"}`,
    dnsDomain: text("KubeNetworkConfig/dnsDomain", "v1alpha1/cluster.network.dnsDomain") ??
      "cluster.local",
    podSubnets: texts("KubeNetworkConfig/podSubnets", "v1alpha1/cluster.network.podSubnets") ??
      ["10.244.0.0/16"],
    serviceSubnets,
    nameServers: [
      ...itemsOf(node, "ResolverConfig", "nameservers").flatMap((server) =>
        textOf(valueAt(server, "address")) ?? []
      ),
      ...texts("v1alpha1/machine.network.nameservers") ?? [],
    ],
    searchDomains:
      texts("ResolverConfig/searchDomains.domains", "v1alpha1/machine.network.searchDomains") ?? [],
    hasHostDns: isOn(
      true,
      "ResolverConfig/hostDNS.enabled",
      "v1alpha1/machine.features.hostDNS.enabled",
    ),
    resolvesMemberNames: isOn(
      false,
      "ResolverConfig/hostDNS.resolveMemberNames",
      "v1alpha1/machine.features.hostDNS.resolveMemberNames",
    ),
    timeServers: texts("TimeSyncConfig/ntp.servers", "v1alpha1/machine.time.servers") ?? [],
    isTimeSyncDisabled: isOn(false, "v1alpha1/machine.time.disabled") ||
      !isOn(true, "TimeSyncConfig/enabled"),
    kernelParameters: kernelParameters(node),
    kernelModules: [
      ...configDocuments(node, "KernelModuleConfig"),
      ...itemsOf(node, "v1alpha1", "machine.kernel.modules"),
    ].map((module) => ({
      name: textOf(valueAt(module, "name")) ?? "",
      parameters: textsOf(valueAt(module, "parameters")) ?? [],
    })),
    staticHosts: staticHosts(node),
    links: linkSettings(node),
    kubelet: {
      image: text("KubeletConfig/image", "v1alpha1/machine.kubelet.image") ??
        `ghcr.io/siderolabs/kubelet:${kubernetesVersion}`,
      clusterDns: texts("KubeletConfig/clusterDNS", "v1alpha1/machine.kubelet.clusterDNS") ??
        serviceSubnets.map((subnet) => addressIn(subnet, 10)),
      extraArgs: argsOf(get("KubeletConfig/extraArgs", "v1alpha1/machine.kubelet.extraArgs")),
      extraConfig: objectOf(get("KubeletConfig/config", "v1alpha1/machine.kubelet.extraConfig")),
      hasDefaultSeccomp: isOn(
        true,
        "KubeletConfig/defaultRuntimeSeccompProfileEnabled",
        "v1alpha1/machine.kubelet.defaultRuntimeSeccompProfileEnabled",
      ),
    },
    nodeLabels: textMap(node, "KubeNodeConfig/labels", "v1alpha1/machine.nodeLabels"),
    nodeAnnotations: textMap(
      node,
      "KubeNodeConfig/annotations",
      "v1alpha1/machine.nodeAnnotations",
    ),
    nodeTaints: textMap(node, "KubeNodeConfig/taints", "v1alpha1/machine.nodeTaints"),
    validNodeIpSubnets:
      texts("KubeNodeConfig/nodeIP.validSubnets", "v1alpha1/machine.kubelet.nodeIP.validSubnets") ??
        ["0.0.0.0/0"],
    kubePrismPort: kubePrismPort(node),
    operatingSystem: {
      certificate: text("v1alpha1/machine.ca.crt") ?? "",
      key: text("v1alpha1/machine.ca.key") ?? "",
      token: text("v1alpha1/machine.token") ?? "",
    },
    apiSans: texts("v1alpha1/machine.certSANs") ?? [],
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
        ...argsOf(get("v1alpha1/cluster.etcd.extraArgs")),
      },
    },
    discovery: {
      isEnabled: configDocuments(node, "DiscoveryServiceConfig").length > 0 ||
        isOn(false, "v1alpha1/cluster.discovery.enabled"),
      endpoint: text(
        "DiscoveryServiceConfig/endpoint",
        "v1alpha1/cluster.discovery.registries.service.endpoint",
      ) ?? "https://discovery.talos.dev/",
      usesKubernetes: !isOn(true, "v1alpha1/cluster.discovery.registries.kubernetes.disabled"),
    },
    identity: {
      clusterId: text("DiscoveryIdentityConfig/clusterID", "v1alpha1/cluster.id") ?? "",
      clusterSecret: text("DiscoveryIdentityConfig/clusterSecret", "v1alpha1/cluster.secret") ?? "",
    },
    kubeSpan: kubeSpan(node),
    environment: textMap(node, "EnvironmentConfig/variables", "v1alpha1/machine.env"),
    kernelLogUrls: configDocuments(node, "KmsgLogConfig").flatMap((log) =>
      textOf(valueAt(log, "url")) ?? []
    ),
    eventSink: text("EventSinkConfig/endpoint"),
    watchdog: watchdog(node),
    registries: registries(node),
  };
}

/** The first value among places such as `KubeletConfig/image`. */
function firstOf(node: SandboxNode, places: readonly string[]): unknown {
  for (const place of places) {
    const [kind = "", path = ""] = place.split("/");
    const [found] = configValues(node, kind, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The items of all lists at a place. */
function itemsOf(node: SandboxNode, kind: string, path: string): readonly unknown[] {
  return configValues(node, kind, path).flatMap((list) => Array.isArray(list) ? list : []);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** All maps of text at these places together. */
function textMap(node: SandboxNode, ...places: string[]): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const place of places) {
    const [kind = "", path = ""] = place.split("/");
    for (const found of configValues(node, kind, path)) {
      for (const [key, value] of Object.entries(objectOf(found))) all[key] = String(value);
    }
  }
  return all;
}

function argsOf(value: unknown): Args {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, given]) =>
      [name, { values: Array.isArray(given) ? given.map(String) : [String(given)] }] as const
    ),
  );
}

function kernelParameters(node: SandboxNode): Readonly<Record<string, string>> {
  const sysctls = textMap(node, "SysctlConfig/params", "v1alpha1/machine.sysctls");
  const sysfs = textMap(node, "SysfsConfig/params", "v1alpha1/machine.sysfs");
  const prefixed = (prefix: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]) =>
      [prefix + key.replaceAll("/", "."), value] as const
    );
  return Object.fromEntries([...prefixed("proc.sys.", sysctls), ...prefixed("sys.", sysfs)]);
}

function staticHosts(node: SandboxNode): Readonly<Record<string, readonly string[]>> {
  const documents = configDocuments(node, "StaticHostConfig").map((host) =>
    [textOf(valueAt(host, "name")) ?? "", textsOf(valueAt(host, "hostnames")) ?? []] as const
  );
  const entries = itemsOf(node, "v1alpha1", "machine.network.extraHostEntries").map((host) =>
    [textOf(valueAt(host, "ip")) ?? "", textsOf(valueAt(host, "aliases")) ?? []] as const
  );
  return Object.fromEntries([...entries, ...documents]);
}

const linkKinds = ["LinkConfig", "DummyLinkConfig", "VLANConfig", "BondConfig", "BridgeConfig"];

function linkSettings(node: SandboxNode): readonly LinkSettings[] {
  const list = (value: unknown) => Array.isArray(value) ? value : [];
  const ofDocument = (link: unknown): LinkSettings => ({
    name: textOf(valueAt(link, "name")) ?? "",
    mtuBytes: Number(valueAt(link, "mtu") ?? 0),
    addresses: list(valueAt(link, "addresses")).map((each) => String(valueAt(each, "address"))),
    routes: list(valueAt(link, "routes")).map((each) => ({
      destination: textOf(valueAt(each, "destination")) ?? "",
      gateway: textOf(valueAt(each, "gateway")) ?? "",
      source: textOf(valueAt(each, "source")) ?? "",
      metric: Number(valueAt(each, "metric") ?? 0) || defaultMetric,
    })),
  });
  const ofDevice = (device: unknown): LinkSettings => ({
    name: textOf(valueAt(device, "interface")) ?? "eth0",
    mtuBytes: Number(valueAt(device, "mtu") ?? 0),
    addresses: list(valueAt(device, "addresses")).map(String),
    routes: list(valueAt(device, "routes")).map((each) => ({
      destination: (textOf(valueAt(each, "network")) ?? "").replace(/^(0\.0\.0\.0|::)\/0$/, ""),
      gateway: textOf(valueAt(each, "gateway")) ?? "",
      source: textOf(valueAt(each, "source")) ?? "",
      metric: Number(valueAt(each, "metric") ?? 0) || defaultMetric,
    })),
  });
  return [
    ...linkKinds.flatMap((kind) => configDocuments(node, kind)).map(ofDocument),
    ...itemsOf(node, "v1alpha1", "machine.network.interfaces").map(ofDevice),
  ];
}

const defaultMetric = 1024;

/** The address with this number in a network of IPv4; other networks are not looked into. */
export function addressIn(subnet: string, number: number): string {
  const [, prefix] = /^(\d+\.\d+\.\d+)\.\d+\/\d+$/.exec(subnet) ?? [];
  return prefix === undefined ? subnet.replace(/\/\d+$/, "") + "a" : `${prefix}.${number}`;
}

function kubePrismPort(node: SandboxNode): number | undefined {
  const [document] = configDocuments(node, "KubePrismConfig");
  const defaultPort = 7445;
  if (document !== undefined) return Number(valueAt(document, "port") ?? 0) || defaultPort;
  const [feature] = configValues(node, "v1alpha1", "machine.features.kubePrism");
  if (valueAt(feature, "enabled") !== true) return undefined;
  return Number(valueAt(feature, "port") ?? 0) || defaultPort;
}

function kubeSpan(node: SandboxNode): KubeSpanSettings {
  const [found] = [
    ...configDocuments(node, "KubeSpanConfig"),
    ...configValues(node, "v1alpha1", "machine.network.kubespan"),
  ];
  return {
    isEnabled: valueAt(found, "enabled") === true,
    advertisesKubernetesNetworks: valueAt(found, "advertiseKubernetesNetworks") === true,
    bypassesDownPeers: valueAt(found, "allowDownPeerBypass") === true,
    harvestsEndpoints: valueAt(found, "harvestExtraEndpoints") === true,
    mtuBytes: Number(valueAt(found, "mtu") ?? 0) || 1420,
    endpointFilters: textsOf(valueAt(found, "filters.endpoints")) ?? [],
  };
}

function watchdog(node: SandboxNode): NodeSettings["watchdog"] {
  const [found] = configDocuments(node, "WatchdogTimerConfig");
  const device = textOf(valueAt(found, "device"));
  if (device === undefined) return undefined;
  return { device, timeout: textOf(valueAt(found, "timeout")) ?? "1m0s" };
}

function registries(node: SandboxNode): RegistrySettings {
  const endpointOf = (endpoint: unknown) =>
    typeof endpoint === "string" ? { endpoint } : {
      endpoint: textOf(valueAt(endpoint, "url")) ?? "",
      overridePath: valueAt(endpoint, "overridePath") === true,
    };
  const mirrorOf = (mirror: unknown) => {
    const endpoints = valueAt(mirror, "endpoints");
    return {
      endpoints: Array.isArray(endpoints) ? endpoints.map(endpointOf) : [],
      skipFallback: valueAt(mirror, "skipFallback") === true,
    };
  };
  const [older] = configValues(node, "v1alpha1", "machine.registries");
  const named = (kind: string) =>
    configDocuments(node, kind).map((each) => [textOf(valueAt(each, "name")) ?? "", each] as const);
  const auth = (each: unknown) => {
    const { username, password, auth, identityToken } = objectOf(each);
    return { username, password, auth, identityToken };
  };
  const olderMirrors = Object.entries(objectOf(valueAt(older, "mirrors")));
  const olderAuths = Object.entries(objectOf(valueAt(older, "config")))
    .flatMap(([name, each]) => {
      const given = valueAt(each, "auth");
      return given === undefined ? [] : [[name, given] as const];
    });
  return {
    mirrors: Object.fromEntries(
      [...olderMirrors, ...named("RegistryMirrorConfig")].map((
        [name, each],
      ) => [name, mirrorOf(each)]),
    ),
    auths: Object.fromEntries(
      [...olderAuths, ...named("RegistryAuthConfig")].map(([name, each]) => [name, auth(each)]),
    ),
  };
}
