/** What a machine configuration is generated from, and what stands where nothing is said. */

import { talosVersion } from "../../version.ts";
import type { SecretsBundle } from "../secrets.ts";
import { currentContract, isAtLeast, type VersionContract } from "../version_contract.ts";

/** What a node is for; `init` is a control plane node of old that also starts the cluster. */
export type MachineType = "init" | "controlplane" | "worker";

/** What shapes a node's configuration; all nodes of a cluster share everything but the type. */
export interface GenerateInput {
  /** What the node is for. */
  machineType: MachineType;
  /** The cluster's name, for people and for the kubeconfig. */
  clusterName: string;
  /** The URL at which Kubernetes is reached, such as `https://10.5.0.2:6443`. */
  endpoint: string;
  /** Keys and certificates; nothing is made or checked here. */
  secrets: SecretsBundle;
  /** The Talos version that the node runs; default the current one. */
  contract?: VersionContract;
  /** Default {@linkcode defaultKubernetesVersion}; a leading `v` is dropped. */
  kubernetesVersion?: string;
  /** Default `/dev/sda`; an empty text leaves the choice out. */
  installDisk?: string;
  /** Default {@linkcode installerRepository} with the version of this program. */
  installImage?: string;
  /** More names and addresses for the certificates of both APIs. */
  additionalSans?: readonly string[];
  /** Default `cluster.local`. */
  dnsDomain?: string;
  /** The URLs to try, by the registry that they stand for. */
  registryMirrors?: ReadonlyMap<string, readonly string[]>;
  /** Nodes find each other by the discovery service; default true. */
  hasDiscovery?: boolean;
  /** Nodes are joined by KubeSpan; default false. */
  hasKubespan?: boolean;
  /** Leaves out all that is for Kubernetes and etcd; default false. */
  skipsKubernetes?: boolean;
}

/** The Kubernetes that this release installs. */
export const defaultKubernetesVersion = "1.37.0-rc.1";

/** Where the installer of this release is found, without a tag. */
export const installerRepository =
  "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

/** {@linkcode GenerateInput} with nothing left open. */
export interface CompleteInput extends Required<GenerateInput> {
  isControlPlane: boolean;
}

/** Fills in what was left open. */
export function completeInput(input: GenerateInput): CompleteInput {
  const { kubernetesVersion = defaultKubernetesVersion } = input;
  return {
    contract: currentContract,
    installDisk: "/dev/sda",
    installImage: `${installerRepository}:${talosVersion}`,
    additionalSans: [],
    dnsDomain: "cluster.local",
    registryMirrors: new Map(),
    hasDiscovery: true,
    hasKubespan: false,
    skipsKubernetes: false,
    ...input,
    kubernetesVersion: kubernetesVersion.replace(/^v/, ""),
    isControlPlane: input.machineType !== "worker",
  };
}

/** Gives a value from a Talos version on (`since`) or up to the one before it (`before`), and nothing else. */
export function byVersion({ contract }: CompleteInput) {
  return {
    since: <T>(minor: number, value: T) => isAtLeast(contract, minor) ? value : undefined,
    before: <T>(minor: number, value: T) => isAtLeast(contract, minor) ? undefined : value,
  };
}
