/** Checks of the main document's network plugin and kubelet (spec/machine-config.md, 12.2). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, entriesAt, listAt, textAt, valueAt } from "../value.ts";
import { endpointProblem, isSubnetOrAddress } from "./endpoint.ts";
import type { Findings } from "./findings.ts";

/** Checks the network plugin, where one is named. */
export function checkCni(main: ConfigValue, { errors, warnings }: Findings): void {
  const cni = valueAt(main, "cluster", "network", "cni");
  if (cni === undefined) return;
  const name = textAt(cni, "name");
  const urls = listAt(cni, "urls").map(String);
  if (!["flannel", "custom", "none"].includes(name)) {
    errors.push('cni name should be one of ["flannel", "custom", "none"]');
    return;
  }
  const shouldBe = (field: string, state: string) => `"${field}" ${state} for ${goQuote(name)} CNI`;
  if (name !== "custom" && urls.length > 0) {
    errors.push(shouldBe("urls", "field should be empty"));
  }
  if (name === "custom" && urls.length === 0) {
    warnings.push(shouldBe("urls", "field should not be empty"));
  }
  if (name !== "flannel") {
    if (listAt(cni, "flannel", "extraArgs").length > 0) {
      errors.push(shouldBe("flanneldExtraArgs", "field should be empty"));
    }
    if (valueAt(cni, "flannel", "kubeNetworkPoliciesEnabled") === true) {
      errors.push(shouldBe("flannelKubeNetworkPoliciesEnabled", "should not be enabled"));
    }
  }
  if (name !== "custom") return;
  for (const url of urls) {
    const problem = endpointProblem(url);
    if (problem !== undefined) errors.push(problem);
  }
}

const protectedFields: readonly string[] = [
  "apiVersion",
  "authentication",
  "authorization",
  "cgroupRoot",
  "kind",
  "kubeletCgroups",
  "port",
  "protectKernelDefaults",
  "resolvConf",
  "rotateCertificates",
  "systemCgroups",
  "staticPodPath",
  "seccompDefault",
];

/** The fields of a kubelet configuration that Talos sets itself. */
export function protectedFieldProblems(given: readonly [string, ConfigValue][]): string[] {
  const keys = given.map(([key]) => key);
  return protectedFields.filter((field) => keys.includes(field))
    .map((field) => `kubelet configuration field ${goQuote(field)} can't be overridden`);
}

/** What is wrong with subnets that a node's address is chosen from. */
export function nodeSubnetProblems(subnets: readonly ConfigValue[], prefix: string): string[] {
  return subnets.map(String)
    .filter((subnet) => !isSubnetOrAddress(subnet, { isNegatable: true }))
    .map((subnet) => `${prefix}nodeIP subnet is not valid: ${goQuote(subnet)}`);
}

/** All that is wrong with the kubelet's settings. */
export function kubeletProblems(kubelet: ConfigValue | undefined): string[] {
  return [
    ...nodeSubnetProblems(listAt(kubelet, "nodeIP", "validSubnets"), "kubelet "),
    ...protectedFieldProblems(entriesAt(kubelet, "extraConfig")),
  ];
}
