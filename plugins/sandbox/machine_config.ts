/** The machine configurations that the nodes of a sandbox start with: those of `gen config`, with the user's patches. */

import { CliError } from "../../core/errors.ts";
import { generateConfig } from "../../core/machine_config/generate/generate.ts";
import {
  defaultKubernetesVersion,
  installerRepository,
} from "../../core/machine_config/generate/input.ts";
import type { Patch } from "../../core/machine_config/load_patch.ts";
import type { SecretsBundle } from "../../core/machine_config/secrets.ts";
import type { ConfigDocument } from "../../core/machine_config/value.ts";
import {
  currentContract,
  parseVersionContract,
  type VersionContract,
} from "../../core/machine_config/version_contract.ts";
import type { Platform } from "./node.ts";

/** Types of nodes that have a configuration. */
export type ConfiguredType = "controlplane" | "worker";

/** Patches as `gen config` takes them, each inline or `@file`. */
export interface ConfigPatches {
  /** For all nodes. */
  common: readonly string[];
  /** For control planes, after those for all. */
  controlPlane: readonly string[];
  /** For workers, after those for all. */
  worker: readonly string[];
}

/** What the configurations of a cluster have in common. */
export interface ClusterConfig {
  clusterName: string;
  /** The address of the first control plane. */
  address: string;
  platform: Platform;
  /** The version tag of the nodes. */
  version: string;
}

/** The documents of a type; shared by all its nodes, so not to be changed. */
export type InitialConfigs = (type: ConfiguredType) => readonly ConfigDocument[];

/**
 * The configurations by type: made when first asked for, but at once where there are patches, which may be wrong.
 *
 * @throws {CliError} for a patch that does not apply, and for a configuration that nodes would refuse
 */
export async function initialConfigs(
  cluster: ClusterConfig,
  secrets: SecretsBundle,
  patches: ConfigPatches,
): Promise<InitialConfigs> {
  const input = inputOf(cluster);
  const { common, controlPlane, worker } = patches;
  if ([common, controlPlane, worker].some((given) => given.length > 0)) {
    const { patchedConfigs } = await import("../../core/machine_config/generate/patched.ts");
    const configs = await patchedConfigs({ input, patches: await loadAll(patches) }, secrets);
    for (const type of ["controlplane", "worker"] as const) {
      await checkConfig(type, configs[type], cluster.platform);
    }
    return (type) => configs[type];
  }
  const made = new Map<ConfiguredType, readonly ConfigDocument[]>();
  return (type) => {
    const documents = made.get(type) ?? generateConfig({ ...input, secrets, machineType: type });
    made.set(type, documents);
    return documents;
  };
}

/** The documents with the name of one node. */
export function withHostname(
  documents: readonly ConfigDocument[],
  hostname: string,
): readonly ConfigDocument[] {
  const isNamed = ({ kind, value }: ConfigDocument) =>
    kind === "HostnameConfig" && value.get("hostname") !== undefined;
  if (documents.some(isNamed)) return documents;
  return documents.map((document) => {
    if (document.kind !== "HostnameConfig") return document;
    const value = new Map(document.value).set("auto", "off").set("hostname", hostname);
    return { ...document, value };
  });
}

function inputOf({ clusterName, address, platform, version }: ClusterConfig) {
  return {
    clusterName,
    endpoint: `https://${address}:6443`,
    contract: contractOf(version),
    kubernetesVersion: defaultKubernetesVersion,
    installDisk: platform === "metal" ? "/dev/vda" : "",
    installImage: `${installerRepository}:${version}`,
    additionalSans: [],
    dnsDomain: "cluster.local",
    registryMirrors: new Map<string, string[]>(),
    hasDiscovery: true,
    hasKubespan: false,
    skipsKubernetes: false,
  };
}

/** Nodes may be given any tag. */
function contractOf(version: string): VersionContract {
  try {
    return parseVersionContract(version);
  } catch (error) {
    if (error instanceof CliError) return currentContract;
    throw error;
  }
}

async function loadAll({ common, controlPlane, worker }: ConfigPatches) {
  const { loadPatches } = await import("../../core/machine_config/load_patch.ts");
  const load = async (given: readonly string[]): Promise<readonly Patch[]> =>
    await loadPatches(given);
  return {
    common: await load(common),
    controlPlane: await load(controlPlane),
    worker: await load(worker),
  };
}

async function checkConfig(
  type: ConfiguredType,
  documents: readonly ConfigDocument[],
  mode: Platform,
): Promise<void> {
  const { validateConfig } = await import("../../core/machine_config/validate/validate.ts");
  const { errors } = await validateConfig(documents, { mode, isStrict: false });
  if (errors.length === 0) return;
  const { countedText } = await import("../../core/counted_errors.ts");
  throw new CliError(`${type} configuration: ${countedText(errors)}`);
}
