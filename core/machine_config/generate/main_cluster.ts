/** The `cluster` part of the main document, for every Talos version (spec/machine-config.md, 2.4 and 3). */

import { isAtLeast } from "../version_contract.ts";
import { parseUrl } from "../urls.ts";
import { byVersion, type CompleteInput } from "./input.ts";
import { encoded, issuingPair, trustedPair } from "./key_material.ts";
import {
  auditPolicy,
  componentImage,
  podSecurity,
  podSubnets,
  serviceSubnets,
} from "./kubernetes_defaults.ts";
import type { PlainMap } from "./plain.ts";

/** `cluster`; from 1.14 on little is left of it. */
export function clusterFields(input: CompleteInput): PlainMap {
  const { isControlPlane, secrets } = input;
  return {
    ...(isAtLeast(input.contract, 14) ? {} : oldFields(input)),
    token: isControlPlane && input.skipsKubernetes ? undefined : secrets.bootstrapToken,
    etcd: isControlPlane && !input.skipsKubernetes
      ? { ca: issuingPair(secrets.certificates.etcd) }
      : undefined,
  };
}

function oldFields(input: CompleteInput): PlainMap {
  return {
    ...input.secrets.cluster,
    ...(input.skipsKubernetes ? {} : kubernetesFields(input)),
    ...(input.isControlPlane && !input.skipsKubernetes ? controlPlaneFields(input) : {}),
    discovery: discovery(input),
  };
}

function kubernetesFields(input: CompleteInput): PlainMap {
  const { kubernetes } = input.secrets.certificates;
  const { since } = byVersion(input);
  return {
    controlPlane: { endpoint: input.endpoint },
    clusterName: input.isControlPlane ? input.clusterName : since(8, input.clusterName),
    network: { dnsDomain: input.dnsDomain, podSubnets, serviceSubnets },
    ca: input.isControlPlane ? issuingPair(kubernetes) : trustedPair(kubernetes),
  };
}

function controlPlaneFields(input: CompleteInput): PlainMap {
  const { secrets, kubernetesVersion } = input;
  const { aggregator, serviceAccountKey } = secrets.certificates;
  const { since, before } = byVersion(input);
  const component = (name: string) => ({ image: componentImage(name, kubernetesVersion) });
  return {
    aescbcEncryptionSecret: before(3, secrets.aescbcEncryptionSecret),
    secretboxEncryptionSecret: since(3, secrets.secretboxEncryptionSecret),
    aggregatorCA: issuingPair(aggregator),
    serviceAccount: serviceAccountKey === undefined
      ? undefined
      : { key: encoded(serviceAccountKey) },
    apiServer: {
      ...component("kube-apiserver"),
      certSANs: [...before(12, [parseUrl(input.endpoint).hostname]) ?? [], ...input.additionalSans],
      disablePodSecurityPolicy: before(12, true),
      admissionControl: since(1, [{ name: "PodSecurity", configuration: podSecurity }]),
      auditPolicy: since(3, auditPolicy),
    },
    controllerManager: component("kube-controller-manager"),
    proxy: component("kube-proxy"),
    scheduler: component("kube-scheduler"),
  };
}

function discovery(input: CompleteInput): PlainMap {
  return {
    enabled: input.hasDiscovery,
    registries: {
      kubernetes: { disabled: byVersion(input).since(2, true) },
      service: {},
    },
  };
}
