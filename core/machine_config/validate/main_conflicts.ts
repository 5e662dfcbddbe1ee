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

type Conflict = (main: ConfigValue, document: ConfigDocument) => string | false | undefined;

/** The first setting that both have; nothing where they agree. */
export function conflictWithMain(
  main: ConfigValue,
  document: ConfigDocument,
): string | undefined {
  const conflict = conflicts[document.kind]?.(main, document);
  return conflict === false ? undefined : conflict;
}

/** A conflict with whatever is set at a path. */
const ifGiven = (path: string, text: string): Conflict => (main) =>
  isGiven(valueAt(main, ...path.split("."))) && text;

/** A conflict with a part that is there, though it may be empty. */
const ifPresent = (path: string, text: string): Conflict => (main) =>
  valueAt(main, ...path.split(".")) !== undefined && text;

/** The first of several conflicts. */
const first = (...each: Conflict[]): Conflict => (main, document) =>
  each.map((conflict) => conflict(main, document)).find((text) => typeof text === "string");

const set = "is already set in v1alpha1 config";
const remove = "please remove it to avoid conflicts";

const admission = ifGiven(
  "cluster.apiServer.admissionControl",
  `admission control plugin config ${set}`,
);

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
  ResolverConfig: first(
    ...["searchDomains", "nameservers", "disableSearchDomain"].map((key) =>
      ifGiven(`machine.network.${key}`, `.machine.network.${key} ${set}`)
    ),
    (main, { value }) =>
      valueAt(value, "hostDNS") !== undefined &&
      valueAt(main, "machine", "features", "hostDNS") !== undefined &&
      `.machine.features.hostDNS ${set}`,
  ),
  TimeSyncConfig: timeConflict,
  VolumeConfig: (main, { name, value }) => {
    const key = { STATE: "state", EPHEMERAL: "ephemeral" }[name];
    if (key === undefined || !isGiven(valueAt(value, "encryption"))) return undefined;
    return valueAt(main, "machine", "systemDiskEncryption", key) !== undefined &&
      `system disk encryption for ${
        goQuote(name)
      } is configured in both v1alpha1.Config and VolumeConfig`;
  },
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

function timeConflict(main: ConfigValue, { value }: ConfigDocument): string | undefined {
  const time = valueAt(main, "machine", "time");
  const both = "in both v1alpha1 and new-style configuration";
  if (valueAt(time, "disabled") === true && valueAt(value, "enabled") === false) {
    return `time sync cannot be disabled ${both}`;
  }
  const hasNew = isGiven(valueAt(value, "ntp")) || isGiven(valueAt(value, "ptp"));
  if (listAt(time, "servers").length > 0 && hasNew) {
    return `time servers cannot be specified ${both}`;
  }
  const hasOldTimeout = !["", "0s"].includes(textAt(time, "bootTimeout"));
  if (hasOldTimeout && !["", "0s"].includes(textAt(value, "bootTimeout"))) {
    return `boot timeout cannot be specified ${both}`;
  }
  return undefined;
}
