/** The `machine` part of the main document, for every Talos version (spec/machine-config.md, 2.4 and 3). */

import { isAtLeast } from "../version_contract.ts";
import { byVersion, type CompleteInput } from "./input.ts";
import { issuingPair, trustedPair } from "./key_material.ts";
import { kubeletImage, kubePrismPort, noLoadBalancersLabel } from "./kubernetes_defaults.ts";
import type { PlainMap } from "./plain.ts";

/** `machine`; from 1.14 on most of it is in documents of its own. */
export function machineFields(input: CompleteInput): PlainMap {
  const { isControlPlane, secrets, skipsKubernetes } = input;
  const { before } = byVersion(input);
  const { os } = secrets.certificates;
  return {
    type: input.machineType,
    token: secrets.trustdToken,
    ca: isControlPlane ? issuingPair(os) : trustedPair(os),
    certSANs: input.additionalSans,
    kubelet: skipsKubernetes ? undefined : before(14, kubelet(input)),
    network: input.hasKubespan ? before(13, { kubespan: { enabled: true } }) : before(13, {}),
    install: before(14, install(input)),
    registries: registries(input),
    features: features(input),
    nodeLabels: isControlPlane && !skipsKubernetes ? nodeLabels(input) : undefined,
  };
}

function kubelet(input: CompleteInput): PlainMap {
  const { since } = byVersion(input);
  return {
    image: kubeletImage(input.kubernetesVersion),
    defaultRuntimeSeccompProfileEnabled: since(2, true),
    disableManifestsDirectory: since(3, true),
  };
}

function install(input: CompleteInput): PlainMap {
  return {
    disk: input.installDisk,
    image: input.installImage,
    wipe: false,
    grubUseUKICmdline: byVersion(input).since(12, true),
  };
}

/** The registry that Kubernetes moved away from, in the one version that was released meanwhile. */
const movedRegistry = {
  "k8s.gcr.io": { endpoints: ["https://registry.k8s.io", "https://k8s.gcr.io"] },
};

/**
 * Mirrors. Where there are none, an empty map still makes a difference to files with comments
 * (spec/machine-config.md, 7.2): workers have it, and control planes of old.
 */
function registries(input: CompleteInput): PlainMap | undefined {
  const { contract, isControlPlane, registryMirrors } = input;
  if (isAtLeast(contract, 12)) return isControlPlane ? undefined : { mirrors: {} };
  const isMoving = isAtLeast(contract, 2) && !isAtLeast(contract, 3);
  const given = [...registryMirrors].map(([host, endpoints]) => [host, { endpoints }] as const);
  return { mirrors: { ...(isMoving ? movedRegistry : {}), ...Object.fromEntries(given) } };
}

function features(input: CompleteInput): PlainMap {
  const { since, before } = byVersion(input);
  return {
    rbac: before(12, true),
    stableHostname: since(2, before(12, true)),
    apidCheckExtKeyUsage: since(3, before(12, true)),
    diskQuotaSupport: since(5, true),
    kubePrism: input.skipsKubernetes
      ? undefined
      : since(6, before(14, { enabled: true, port: kubePrismPort })),
    hostDNS: since(7, before(14, { enabled: true, forwardKubeDNSToHost: since(8, true) })),
  };
}

function nodeLabels(input: CompleteInput): PlainMap | undefined {
  const { since, before } = byVersion(input);
  return since(8, before(14, { [noLoadBalancersLabel]: "" }));
}
