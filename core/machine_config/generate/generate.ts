/** Machine configurations from a few facts and the secrets of a cluster (spec/machine-config.md, 2.3, 2.4 and 3). */

import { isAtLeast } from "../version_contract.ts";
import type { ConfigDocument } from "../value.ts";
import { completeInput, type GenerateInput } from "./input.ts";
import { kubernetesDocuments } from "./kubernetes_documents.ts";
import { clusterFields } from "./main_cluster.ts";
import { machineFields } from "./main_machine.ts";
import { nodeDocuments } from "./node_documents.ts";
import { newMainDocument } from "./plain.ts";

/**
 * The configuration of a node: a pure function of its input, without any key generation.
 *
 * @returns The main document, then those that the Talos version has besides, in their order; fresh on
 * every call. `writeConfig` makes the file of them.
 * @throws {CliError} for an endpoint that is no URL
 */
export function generateConfig(input: GenerateInput): ConfigDocument[] {
  const complete = completeInput(input);
  const hasKubernetesDocuments = isAtLeast(complete.contract, 14) && !complete.skipsKubernetes;
  return [
    newMainDocument({
      version: "v1alpha1",
      debug: false,
      persist: true,
      machine: machineFields(complete),
      cluster: clusterFields(complete),
    }),
    ...nodeDocuments(complete),
    ...hasKubernetesDocuments ? kubernetesDocuments(complete) : [],
  ];
}
