/** What the words and flags of `gen config` ask for, checked in the official order (spec/machine-config.md, 2.1). */

import { countedErrors } from "../../counted_errors.ts";
import { withPrefix } from "../../error_prefix.ts";
import { CliError } from "../../errors.ts";
import { readBounded } from "../../files/read_bounded.ts";
import { goQuote } from "../../output/go_quote.ts";
import type { Patch } from "../load_patch.ts";
import type { SecretsBundle } from "../secrets.ts";
import { loadSecrets } from "../secrets_load.ts";
import { parseVersionContract } from "../version_contract.ts";
import { checkClusterEndpoint } from "./endpoint.ts";
import type { ConfigFlags } from "./flags.ts";
import type { GenerateInput } from "./input.ts";

/** A request without mistakes. */
export interface ConfigRequest {
  input: Omit<Required<GenerateInput>, "machineType" | "secrets">;
  /** Absent where new ones are to be made. */
  secrets?: SecretsBundle;
  patches: { common: readonly Patch[]; controlPlane: readonly Patch[]; worker: readonly Patch[] };
}

/** @throws {CliError} for the first thing that is wrong */
export async function readRequest(
  [clusterName = "", endpoint = ""]: readonly string[],
  flags: ConfigFlags,
  now: Date,
): Promise<ConfigRequest> {
  checkClusterEndpoint(endpoint);
  if (flags.version !== "v1alpha1") {
    throw new CliError(`unknown config version: ${goQuote(flags.version)}`);
  }
  checkOutput(flags);
  const input = {
    clusterName,
    endpoint,
    registryMirrors: readMirrors(flags.registryMirror),
    contract: parseVersionContract(flags.talosVersion),
    kubernetesVersion: flags.kubernetesVersion,
    installDisk: flags.installDisk,
    installImage: flags.installImage,
    additionalSans: flags.additionalSans,
    dnsDomain: flags.dnsDomain,
    hasDiscovery: flags.withClusterDiscovery,
    hasKubespan: flags.withKubespan,
    skipsKubernetes: flags.skipK8sEtcd,
  };
  const secrets = flags.withSecrets === "" ? undefined : await readSecrets(flags, now);
  const patches = await withPrefix("error parsing config JSON patch", readPatches(flags));
  return { input, patches, ...(secrets === undefined ? {} : { secrets }) };
}

/** The files that can be made, in the order in which they are. */
export const outputTypes: readonly string[] = ["controlplane", "worker", "talosconfig"];

function checkOutput({ outputTypes: given, output, outputDir }: ConfigFlags): void {
  if (given.length === 0) throw new CliError("at least one output type must be specified");
  if (given.length > 1 && output === "-") {
    throw new CliError("can't use multiple output types with stdout");
  }
  if (outputDir !== "" && output !== "") {
    throw new CliError("can't use both output-dir and output");
  }
  const unknown = given.filter((type) => !outputTypes.includes(type));
  if (unknown.length > 0) {
    throw countedErrors(unknown.map((type) => `invalid output type: ${goQuote(type)}`));
  }
}

function readMirrors(specs: readonly string[]): Map<string, string[]> {
  const mirrors = new Map<string, string[]>();
  for (const spec of specs) {
    const [, host, url] = /^([^=]*)=(.*)$/s.exec(spec) ?? [];
    if (host === undefined || url === undefined) {
      throw new CliError(`invalid registry mirror spec: ${goQuote(spec)}`);
    }
    mirrors.set(host, [...mirrors.get(host) ?? [], url]);
  }
  return mirrors;
}

/** A secrets file takes some ten kilobytes. */
const maxSecretsBytes = 1024 * 1024;

async function readSecrets(flags: ConfigFlags, now: Date): Promise<SecretsBundle> {
  const reading = readBounded(flags.withSecrets, maxSecretsBytes);
  const bytes = await withPrefix("failed to load secrets bundle", reading);
  return await loadSecrets(bytes, { skipsKubernetes: flags.skipK8sEtcd, now });
}

async function readPatches(flags: ConfigFlags): Promise<ConfigRequest["patches"]> {
  const { configPatch, configPatchControlPlane, configPatchWorker } = flags;
  if (
    [configPatch, configPatchControlPlane, configPatchWorker].every(({ length }) => length === 0)
  ) {
    return { common: [], controlPlane: [], worker: [] };
  }
  const { loadPatches } = await import("../load_patch.ts");
  return {
    common: await loadPatches(configPatch),
    controlPlane: await loadPatches(configPatchControlPlane),
    worker: await loadPatches(configPatchWorker),
  };
}
