/** `talosctl gen secrets`: the file that configurations of one cluster are made from, again and again. */

import type { Command, Flags, FlagsOf } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { checkNew, writeTogether } from "../../core/files/new_files.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import type { SecretsBundle } from "../../core/machine_config/secrets.ts";
import type { SecretsOptions } from "../../core/machine_config/secrets_generate.ts";
import { parseVersionContract } from "../../core/machine_config/version_contract.ts";
import { untilAborted } from "../../core/until_aborted.ts";
import type { genFlags } from "./group.ts";

const flags = {
  outputFile: {
    type: "string",
    short: "o",
    help: "File to write; - is stdout",
    default: "secrets.yaml",
  },
  talosVersion: {
    type: "string",
    help: "Talos version that the result is for, such as v1.12; without it, that of this program",
  },
  fromControlplaneConfig: {
    type: "string",
    help: "Take the secrets from this control plane configuration",
  },
  fromKubernetesPki: {
    type: "string",
    short: "p",
    help: "Take the Kubernetes secrets from this folder, as kubeadm lays it out",
  },
  kubernetesBootstrapToken: {
    type: "string",
    short: "t",
    help: "Bootstrap token to use with --from-kubernetes-pki; without it, a new one",
  },
} as const satisfies Flags;

export const secrets: Command<object, typeof flags, typeof genFlags> = {
  path: ["gen", "secrets"],
  summary: "Generate the secrets of a cluster, to make configurations from",
  description: `Writes all keys, certificates and tokens that the nodes of a cluster share. With
the file, "gen config --with-secrets" gives configurations of the same cluster
again and again. Instead of new secrets it can take over those of a control
plane configuration or of a Kubernetes cluster made otherwise.

Whoever has the file rules the cluster: store it safely.`,
  example: `  talosctl gen secrets
  talosctl gen secrets --from-controlplane-config controlplane.yaml -o lab-secrets.yaml
  talosctl gen secrets -p /etc/kubernetes/pki -t abcdef.0123456789abcdef`,
  args: { rule: "none" },
  flags,
  targets: "none",

  async *run({ flags, now, signal }) {
    const { outputFile: path, force } = flags;
    const options = { contract: parseVersionContract(flags.talosVersion), now: now() };
    // New keys take seconds and cannot fail to be made: what is in the way is said before.
    const isAllNew = flags.fromKubernetesPki === "" && flags.fromControlplaneConfig === "";
    if (isAllNew && path !== "-") await checkNew(path, force);

    const { secretsYaml } = await import("../../core/machine_config/secrets.ts");
    const content = secretsYaml(await untilAborted(makeBundle(flags, options), signal));
    if (path === "-") {
      yield new TextEncoder().encode(content);
      return;
    }
    await checkNew(path, force);
    await writeTogether([{ path, content }]);
  },
};

/** A machine configuration takes some hundred kilobytes at most. */
const maxConfigSizeBytes = 16 * 1024 * 1024;

async function makeBundle(
  given: FlagsOf<typeof flags>,
  options: SecretsOptions,
): Promise<SecretsBundle> {
  if (given.fromKubernetesPki !== "") {
    const { secretsFromKubernetes } = await import(
      "../../core/machine_config/secrets_from_kubernetes.ts"
    );
    const { fromKubernetesPki: folder, kubernetesBootstrapToken: token } = given;
    const bundle = secretsFromKubernetes(folder, token, options);
    return await withPrefix("failed to create secrets bundle", bundle);
  }
  if (given.fromControlplaneConfig !== "") {
    return await bundleOfConfig(given.fromControlplaneConfig);
  }
  const { generateSecrets } = await import("../../core/machine_config/secrets_generate.ts");
  return await generateSecrets(options);
}

async function bundleOfConfig(path: string): Promise<SecretsBundle> {
  const { loadConfig } = await import("../../core/machine_config/load.ts");
  const { secretsFromConfig } = await import("../../core/machine_config/secrets_from_config.ts");
  const load = async () => {
    const bytes = await readBounded(path, maxConfigSizeBytes);
    return await loadConfig(new TextDecoder().decode(bytes));
  };
  const documents = await withPrefix("failed to load controlplane config", load());
  return await withPrefix(
    "failed to create secrets bundle from controlplane config",
    Promise.try(secretsFromConfig, documents),
  );
}
