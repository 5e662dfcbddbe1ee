/** The flags of `gen config`, and what `machineconfig gen` takes in their place: their defaults. */

import type { Flags } from "../../command.ts";
import { talosVersion } from "../../version.ts";
import { defaultKubernetesVersion, installerRepository } from "./input.ts";
import { patchFlags } from "./patch_flags.ts";

/** The values of all flags where none is given. */
export const configDefaults = {
  additionalSans: [] as string[],
  configPatch: [] as string[],
  configPatchControlPlane: [] as string[],
  configPatchWorker: [] as string[],
  dnsDomain: "cluster.local",
  installDisk: "/dev/sda",
  installImage: `${installerRepository}:${talosVersion}`,
  kubernetesVersion: defaultKubernetesVersion,
  output: "",
  outputDir: "",
  outputTypes: ["controlplane", "worker", "talosconfig"],
  registryMirror: [] as string[],
  skipK8sEtcd: false,
  talosVersion: "",
  version: "v1alpha1",
  withClusterDiscovery: true,
  withDocs: true,
  withExamples: true,
  withKubespan: false,
  withSecrets: "",
  force: false,
};

export const configFlags = {
  additionalSans: {
    type: "strings",
    help: "More names and IPs for the certificates of the API servers",
  },
  ...patchFlags,
  dnsDomain: {
    type: "string",
    help: "DNS domain of services in Kubernetes",
    default: configDefaults.dnsDomain,
  },
  installDisk: {
    type: "string",
    help: "Disk to install on",
    default: configDefaults.installDisk,
  },
  installImage: {
    type: "string",
    help: "Installer image that nodes install from",
    default: `${installerRepository}:{talosTag}`,
  },
  kubernetesVersion: {
    type: "string",
    help: "Kubernetes version to run",
    default: configDefaults.kubernetesVersion,
  },
  output: {
    type: "string",
    short: "o",
    help: "File, or folder when there are several; - is stdout; without it, the working directory",
  },
  outputDir: { type: "string", help: "Old form of --output", hidden: true },
  outputTypes: {
    type: "strings",
    short: "t",
    help: "What to write: controlplane, worker, talosconfig",
    default: configDefaults.outputTypes,
  },
  registryMirror: {
    type: "strings",
    help: "Use another server for a registry, as <registry>=<url>; can be repeated",
  },
  skipK8sEtcd: {
    type: "bool",
    help: "Leave out what etcd and Kubernetes need",
    hidden: true,
  },
  talosVersion: {
    type: "string",
    help: "Talos version that the result is for, such as v1.12; without it, that of this program",
  },
  version: {
    type: "string",
    help: "Schema of the configuration; v1alpha1 is the only one",
    default: configDefaults.version,
  },
  withClusterDiscovery: {
    type: "bool",
    help: "Have nodes find each other through the discovery service",
    default: true,
  },
  withDocs: {
    type: "bool",
    help: "Explain the settings in comments of the machine configuration written",
    default: true,
  },
  withExamples: {
    type: "bool",
    help: "Put commented-out examples into the machine configuration written",
    default: true,
  },
  withKubespan: {
    type: "bool",
    help: "Connect nodes by KubeSpan, encrypted links between all of them",
  },
  withSecrets: {
    type: "string",
    help: "Secrets to use, from gen secrets; without them, new ones",
  },
} as const satisfies Flags;

/** What the flags say, `--force` of the group among them. */
export type ConfigFlags = typeof configDefaults;
