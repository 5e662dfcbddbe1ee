/** A manifest, document by document: workloads are changed and get an account, all else passes (spec/machine-config.md, 13). */

import { type ConfigMap, type ConfigValue, textAt } from "../../core/machine_config/value.ts";
import { freeValue } from "../../core/machine_config/free_value.ts";
import { toGoYaml } from "../../core/output/go_yaml.ts";
import { compareNaturally } from "../../core/talosconfig/name_order.ts";
import { failOnProblems, isNull, type Problems } from "../../core/yaml/decode.ts";
import type { YamlNode } from "../../core/yaml/node.ts";
import { parseDocuments } from "../../core/yaml/parse_document.ts";
import { secretNameFor, withTalosSecret } from "./workload.ts";

/**
 * The manifest with a Talos service account for each workload.
 *
 * @throws {CliError} when it is no YAML
 */
export async function injectServiceAccounts(
  text: string,
  roles: readonly string[],
): Promise<string> {
  const { documents, error } = await parseDocuments(text);
  if (error !== undefined) throw error;

  const accounts = new Set<string>();
  const written = documents.filter((document) => !isNull(document))
    .flatMap((document) => rewrite(valueOf(document), roles, accounts));
  return written.map((document) => `${document}---\n`).join("") + "\n";
}

function valueOf(document: YamlNode): ConfigValue {
  const problems: Problems = [];
  const value = freeValue(document, problems);
  failOnProblems(problems);
  return value;
}

/** What takes the place of one document; `accounts` are those that have been written. */
function rewrite(value: ConfigValue, roles: readonly string[], accounts: Set<string>): string[] {
  const workload = value instanceof Map ? withTalosSecret(value) : undefined;
  const [name, namespace] = [
    textAt(value, "metadata", "name"),
    textAt(value, "metadata", "namespace"),
  ];
  if (workload !== undefined) {
    const document = toGoYaml(sorted(workload), kubernetesLayout);
    const id = `${namespace}/${secretNameFor(name)}`;
    if (accounts.has(id)) return [document];
    accounts.add(id);
    return [document, toGoYaml(talosServiceAccount({ name, namespace }, roles))];
  }
  // An account of an earlier run: the one that was just written stands for it.
  if (isServiceAccount(value) && accounts.has(`${namespace}/${name}`)) return [];
  return [toGoYaml(sorted(value))];
}

/** As tools of Kubernetes write YAML. */
const kubernetesLayout = {
  indent: 2,
  sequenceIndent: false,
  lineWidth: 80,
  oldTypeQuotes: "double",
} as const;

const accountVersion = "talos.dev/v1alpha1";
const accountKind = "ServiceAccount";

function isServiceAccount(value: ConfigValue): boolean {
  return textAt(value, "apiVersion") === accountVersion && textAt(value, "kind") === accountKind;
}

function talosServiceAccount(
  workload: { name: string; namespace: string },
  roles: readonly string[],
) {
  const name = secretNameFor(workload.name);
  return {
    apiVersion: accountVersion,
    kind: accountKind,
    metadata: workload.namespace === "" ? { name } : { name, namespace: workload.namespace },
    spec: { roles },
  };
}

/** The same with the keys of every map in natural order. */
function sorted(value: ConfigValue): ConfigValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  const pairs: ConfigMap = new Map();
  for (const [key, inner] of [...value].sort(([left], [right]) => compareNaturally(left, right))) {
    pairs.set(key, sorted(inner));
  }
  return pairs;
}
