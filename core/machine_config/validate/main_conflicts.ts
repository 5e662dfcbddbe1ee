/** Settings that a document and the main document must not both have (spec/machine-config.md, 12.3). */

import { goQuote } from "../../output/go_quote.ts";
import {
  type ConfigDocument,
  type ConfigValue,
  listAt,
  numberAt,
  textAt,
  valueAt,
} from "../value.ts";
import { isLegacyDiscovery } from "./main_cluster.ts";
import { isGiven } from "./given.ts";

/** Names the first setting that a main document has though another document has it too. */
export type Conflict = (main: ConfigValue) => string | false | undefined;

/** What of a main document would be in conflict with a document, of which no more is kept than that needs. */
export function conflictOf(document: ConfigDocument): Conflict | undefined {
  return conflicts[document.kind] ?? contentConflicts[document.kind]?.(document);
}

/** A conflict with whatever is set at a path. */
const ifGiven = (path: string, text: string): Conflict => (main) =>
  isGiven(valueAt(main, ...path.split("."))) && text;

/** A conflict with a part that is there, though it may be empty. */
const ifPresent = (path: string, text: string): Conflict => (main) =>
  valueAt(main, ...path.split(".")) !== undefined && text;

/** The first of several conflicts. */
const first = (...each: Conflict[]): Conflict => (main) =>
  each.map((conflict) => conflict(main)).find((text) => typeof text === "string");

const set = "is already set in v1alpha1 config";
const remove = "please remove it to avoid conflicts";

const admission = ifGiven(
  "cluster.apiServer.admissionControl",
  `admission control plugin config ${set}`,
);

/** By kinds whose documents are in conflict whatever they say. */
const conflicts: Readonly<Record<string, Conflict>> = {
  HostnameConfig: first(
    ifGiven("machine.network.hostname", `static hostname ${set}`),
    (main) =>
      valueAt(main, "machine", "features", "stableHostname") === true && `stable hostname ${set}`,
  ),
  KubeSpanConfig: ifPresent(
    "machine.network.kubespan",
    "kubespan is already configured in v1alpha1 machine.network.kubespan",
  ),
  KubeAdmissionControlConfig: admission,
  KubeAuthorizerConfig: admission,
  KubeAggregatorCAConfig: ifPresent(
    "cluster.aggregatorCA",
    `kube-apiserver aggregator CA ${set} (.cluster.aggregatorCA), please remove it and use ` +
      "the new KubeAggregatorCAConfig document instead",
  ),
  KubeAPIServerConfig: first(
    ifPresent("cluster.apiServer", `kube-apiserver config ${set} (.cluster.apiServer)`),
    (main) =>
      numberAt(main, "cluster", "controlPlane", "localAPIServerPort") !== 0 &&
      `kube-apiserver API port ${set} (.cluster.controlPlane.localAPIServerPort)`,
  ),
  KubeAPIServerCAConfig: ifPresent("cluster.ca", `kube-apiserver CA ${set} (.cluster.ca)`),
  KubeAuditPolicyConfig: ifGiven(
    "cluster.apiServer.auditPolicy",
    `audit policy config ${set}`,
  ),
  KubeClusterConfig: first(
    ifGiven("cluster.clusterName", clusterConflict("name", ".cluster.clusterName")),
    ifGiven(
      "cluster.controlPlane.endpoint",
      clusterConflict("endpoint", ".cluster.controlPlane.endpoint"),
    ),
  ),
  KubeControllerManagerConfig: podConflict("kube-controller-manager", "controllerManager"),
  KubeSchedulerConfig: podConflict("kube-scheduler", "scheduler"),
  KubeCoreDNSConfig: ifPresent("cluster.coreDNS", `CoreDNS config ${set} (.cluster.coreDNS)`),
  KubeCredentialProviderConfig: ifPresent(
    "machine.kubelet",
    "cannot use KubeCredentialProviderConfig with legacy kubelet configuration (.machine.kubelet)",
  ),
  KubeEtcdEncryptionConfig: first(
    ...["secretboxEncryptionSecret", "aescbcEncryptionSecret"].map((key) =>
      ifGiven(`cluster.${key}`, `etcd encryption config ${set}`)
    ),
  ),
  KubeFlannelCNIConfig: ifPresent(
    "cluster.network",
    "cluster network config in v1alpha1 config (.machine.cluster.network) can't be used with " +
      `KubeFlannelCNIConfig document, ${remove}`,
  ),
  KubeletConfig: ifPresent("machine.kubelet", `kubelet config ${set} (.machine.kubelet)`),
  KubePrismConfig: ifPresent(
    "machine.features.kubePrism",
    "KubePrism config in v1alpha1 config (.machine.features.kubePrism) can't be used with " +
      `KubePrismConfig document, ${remove}`,
  ),
  KubeNetworkConfig: ifPresent(
    "cluster.network",
    "cluster network config is already set in the v1alpha1 config (.machine.cluster.network). " +
      "Please remove it and use only the new KubeNetworkConfig document to avoid conflicts",
  ),
  KubeNodeConfig: first(
    ...[
      "cluster.allowSchedulingOnControlPlanes",
      "cluster.allowSchedulingOnMasters",
      "machine.kubelet.skipNodeRegistration",
      "machine.kubelet.registerWithFQDN",
      "machine.kubelet.nodeIP",
      "machine.nodeLabels",
      "machine.nodeAnnotations",
      "machine.nodeTaints",
    ].map((path) => ifGiven(path, `.${path} ${set}`)),
  ),
  KubeProxyConfig: ifPresent(
    "cluster.proxy",
    "cluster proxy config in v1alpha1 config (.machine.cluster.proxy) can't be used with " +
      `KubeProxyConfig document, ${remove}`,
  ),
  KubeServiceAccountConfig: ifPresent(
    "cluster.serviceAccount",
    `service account ${set} (.cluster.serviceAccount)`,
  ),
  KubeTalosAPIAccessConfig: ifPresent(
    "machine.features.kubernetesTalosAPIAccess",
    `.machine.features.kubernetesTalosAPIAccess ${set}`,
  ),
  DiscoveryIdentityConfig: first(
    ...["cluster.id", "cluster.secret"].map((path) =>
      ifGiven(
        path,
        "cluster identity is already configured in .cluster.id/.cluster.secret of the v1alpha1 config",
      )
    ),
  ),
  DiscoveryServiceConfig: (main) =>
    isLegacyDiscovery(valueAt(main, "cluster")) &&
    "discovery service is already configured in .cluster.discovery of the v1alpha1 config",
  CRIBaseRuntimeSpecConfig: ifGiven(
    "machine.baseRuntimeSpecOverrides",
    "base runtime spec overrides are already set in v1alpha1 config",
  ),
  ImageCacheConfig: ifPresent(
    "machine.features.imageCache",
    `image cache config ${set}`,
  ),
  UnattendedInstallConfig: ifPresent(
    "machine.install",
    "UnattendedInstallConfig config is incompatible with v1alpha1 config (.machine.install)",
  ),
};

/** By kinds whose documents are in conflict for what they say. */
const contentConflicts: Readonly<
  Record<string, (document: ConfigDocument) => Conflict | undefined>
> = {
  ResolverConfig: ({ value }) => {
    const ofNetwork = ["searchDomains", "nameservers", "disableSearchDomain"].map((key) =>
      ifGiven(`machine.network.${key}`, `.machine.network.${key} ${set}`)
    );
    if (valueAt(value, "hostDNS") === undefined) return first(...ofNetwork);
    const path = "machine.features.hostDNS";
    return first(...ofNetwork, ifPresent(path, `.${path} ${set}`));
  },
  TimeSyncConfig: timeConflict,
  VolumeConfig: ({ name, value }) => {
    const key = { STATE: "state", EPHEMERAL: "ephemeral" }[name];
    if (key === undefined || !isGiven(valueAt(value, "encryption"))) return undefined;
    return ifPresent(
      `machine.systemDiskEncryption.${key}`,
      `system disk encryption for ${
        goQuote(name)
      } is configured in both v1alpha1.Config and VolumeConfig`,
    );
  },
};

function clusterConflict(what: string, path: string): string {
  return `cluster ${what} is already set in the v1alpha1 config (${path}). ` +
    "Please remove it and use only the new KubeClusterConfig document to avoid conflicts";
}

/** Parts of the control plane that two places of the main document set up. */
function podConflict(name: string, key: string): Conflict {
  return first(
    ifPresent(`cluster.${key}`, `${name} config ${set} (.cluster.${key})`),
    ifPresent(
      `machine.controlPlane.${key}`,
      `${name} config ${set} (.machine.controlplane.${key})`,
    ),
  );
}

function timeConflict({ value }: ConfigDocument): Conflict {
  const isDisabled = valueAt(value, "enabled") === false;
  const hasServers = isGiven(valueAt(value, "ntp")) || isGiven(valueAt(value, "ptp"));
  const hasTimeout = hasBootTimeout(value);
  const both = "in both v1alpha1 and new-style configuration";
  return (main) => {
    const time = valueAt(main, "machine", "time");
    if (valueAt(time, "disabled") === true && isDisabled) {
      return `time sync cannot be disabled ${both}`;
    }
    if (listAt(time, "servers").length > 0 && hasServers) {
      return `time servers cannot be specified ${both}`;
    }
    return hasBootTimeout(time) && hasTimeout && `boot timeout cannot be specified ${both}`;
  };
}

function hasBootTimeout(value: ConfigValue | undefined): boolean {
  return !["", "0s"].includes(textAt(value, "bootTimeout"));
}
