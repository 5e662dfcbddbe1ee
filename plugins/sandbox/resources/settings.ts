/** What a node's configuration says, read once: from its documents, or from the main document of older ones. */

import type { NodeConfig, SandboxNode } from "../node.ts";
import { configDocuments, configValues, valueAt } from "./config_documents.ts";
import { type KubernetesSettings, kubernetesSettings } from "./settings_kubernetes.ts";
import { type NetworkSettings, networkSettings } from "./settings_network.ts";
import { type SettingsReader, settingsReader, textsOf } from "./settings_reader.ts";
import { type RuntimeSettings, runtimeSettings } from "./settings_runtime.ts";

/** What resources are derived from; without a configuration, what Talos does by itself. */
export interface NodeSettings
  extends ClusterSettings, KubernetesSettings, NetworkSettings, RuntimeSettings {}

/** What makes a node one of a cluster. */
export interface ClusterSettings {
  /** Undefined leaves it to the cluster. */
  clusterName: string | undefined;
  /** `host:port` of the Kubernetes API; undefined leaves it to the cluster. */
  endpoint: string | undefined;
  /** The authority of the Talos API in base64, and what nodes join with. */
  operatingSystem: { certificate: string; key: string; token: string };
  /** More names of the Talos API. */
  apiSans: readonly string[];
  discovery: { isEnabled: boolean; endpoint: string; usesKubernetes: boolean };
  identity: { clusterId: string; clusterSecret: string };
  kubeSpan: KubeSpanSettings;
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

const read = new WeakMap<NodeConfig, NodeSettings>();

/** The settings of a node as of now. */
export function settingsOf(node: SandboxNode): NodeSettings {
  const { config } = node;
  if (config === undefined) return readSettings(node);
  const known = read.get(config) ?? readSettings(node);
  read.set(config, known);
  return known;
}

/** Whether a node makes itself known to the others: apart, as it is asked of all nodes of a large cluster at once. */
export function isDiscovering(node: SandboxNode): boolean {
  if (configDocuments(node, "DiscoveryServiceConfig").length > 0) return true;
  return configValues(node, "v1alpha1", "cluster.discovery.enabled")[0] === true;
}

function readSettings(node: SandboxNode): NodeSettings {
  const reader = settingsReader(node);
  return {
    ...clusterSettings(node, reader),
    ...kubernetesSettings(node, reader),
    ...networkSettings(node, reader),
    ...runtimeSettings(node, reader),
  };
}

function clusterSettings(node: SandboxNode, reader: SettingsReader): ClusterSettings {
  const { text, texts, isOn } = reader;
  const endpoint = text("KubeClusterConfig/endpoint", "v1alpha1/cluster.controlPlane.endpoint");
  const url = endpoint === undefined ? null : URL.parse(endpoint);
  const older = "v1alpha1/cluster.discovery";
  return {
    clusterName: text("KubeClusterConfig/clusterName", "v1alpha1/cluster.clusterName"),
    endpoint: url === null ? undefined : `${url.hostname}:${url.port || "443"}`,
    operatingSystem: {
      certificate: text("v1alpha1/machine.ca.crt") ?? "",
      key: text("v1alpha1/machine.ca.key") ?? "",
      token: text("v1alpha1/machine.token") ?? "",
    },
    apiSans: texts("v1alpha1/machine.certSANs") ?? [],
    discovery: {
      isEnabled: isDiscovering(node),
      endpoint: text("DiscoveryServiceConfig/endpoint", `${older}.registries.service.endpoint`) ??
        "https://discovery.talos.dev/",
      usesKubernetes: !isOn(true, `${older}.registries.kubernetes.disabled`),
    },
    identity: {
      clusterId: text("DiscoveryIdentityConfig/clusterID", "v1alpha1/cluster.id") ?? "",
      clusterSecret: text("DiscoveryIdentityConfig/clusterSecret", "v1alpha1/cluster.secret") ?? "",
    },
    kubeSpan: kubeSpanSettings(node, reader),
  };
}

function kubeSpanSettings(node: SandboxNode, { any }: SettingsReader): KubeSpanSettings {
  const [found = any("v1alpha1/machine.network.kubespan")] = configDocuments(
    node,
    "KubeSpanConfig",
  );
  const defaultMtuBytes = 1420;
  return {
    isEnabled: valueAt(found, "enabled") === true,
    advertisesKubernetesNetworks: valueAt(found, "advertiseKubernetesNetworks") === true,
    bypassesDownPeers: valueAt(found, "allowDownPeerBypass") === true,
    harvestsEndpoints: valueAt(found, "harvestExtraEndpoints") === true,
    mtuBytes: Number(valueAt(found, "mtu") ?? 0) || defaultMtuBytes,
    endpointFilters: textsOf(valueAt(found, "filters.endpoints")) ?? [],
  };
}
