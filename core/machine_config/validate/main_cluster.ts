/** Checks of the main document's `cluster` part (spec/machine-config.md, 12.2). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, entriesAt, listAt, textAt, valueAt } from "../value.ts";
import { endpointProblem, isSubnetOrAddress } from "./endpoint.ts";
import { isControlPlane } from "./machine_type.ts";
import type { Findings } from "./findings.ts";
import { resourceProblem } from "./pod_resources.ts";

/** Checks `cluster`; a control plane endpoint that is missing ends it. */
export function checkCluster(main: ConfigValue, { errors }: Findings): void {
  const cluster = valueAt(main, "cluster");
  if (cluster === undefined) {
    errors.push("cluster instructions are required");
    return;
  }
  const controlPlane = valueAt(cluster, "controlPlane");
  const endpoint = textAt(controlPlane, "endpoint");
  if (controlPlane !== undefined && endpoint === "") {
    errors.push("cluster controlplane endpoint is required");
    return;
  }
  const problem = endpoint === "" ? undefined : endpointProblem(endpoint);
  if (problem !== undefined) errors.push(`invalid controlplane endpoint: ${problem}`);
  const domain = textAt(cluster, "network", "dnsDomain");
  if (domain !== "" && !isDomain(domain)) errors.push(`${goQuote(domain)} is not a valid DNS name`);
  errors.push(...cloudProviderProblems(valueAt(cluster, "externalCloudProvider")));
  errors.push(...etcdProblems(valueAt(cluster, "etcd"), isControlPlane(main)));
  if (!isControlPlane(main) && textAt(cluster, "ca", "key") !== "") {
    errors.push("cluster CA key is not allowed on non-controlplane nodes (.cluster.ca)");
  }
  errors.push(...manifestProblems(listAt(cluster, "inlineManifests")));
  errors.push(...discoveryProblems(cluster));
  errors.push(...apiServerProblems(valueAt(cluster, "apiServer")).slice(0, 1));
  for (
    const [key, name] of [["controllerManager", "controller-manager"], ["scheduler", "scheduler"]]
  ) {
    const resources = resourceProblem(valueAt(cluster, key ?? "", "resources"));
    if (resources !== undefined) errors.push(`${name} resource validation failed: ${resources}`);
  }
}

function isDomain(text: string): boolean {
  return text.length <= 255 &&
    text.replace(/\.$/, "").split(".").every((label) => /^[A-Za-z0-9_-]{1,63}$/.test(label));
}

function cloudProviderProblems(provider: ConfigValue | undefined): string[] {
  const manifests = listAt(provider, "manifests").map(String);
  if (valueAt(provider, "enabled") !== true) {
    return manifests.length === 0
      ? []
      : ["external cloud provider is disabled, but manifests are provided"];
  }
  return manifests.flatMap((url) => {
    const problem = endpointProblem(url);
    if (problem === undefined) return [];
    return `invalid external cloud provider manifest url ${goQuote(url)}: ${problem}`;
  });
}

function etcdProblems(etcd: ConfigValue | undefined, isOnControlPlane: boolean): string[] {
  if (etcd === undefined) return [];
  if (!isOnControlPlane) return ["etcd config is only allowed on control plane machines"];
  const problems: string[] = [];
  if (valueAt(etcd, "ca") === undefined) problems.push("key/cert combination should not be empty");
  const advertised = listAt(etcd, "advertisedSubnets").map(String);
  if (textAt(etcd, "subnet") !== "" && advertised.length > 0) {
    problems.push("etcd subnet can't be set when advertised subnets are set");
  }
  const listened = listAt(etcd, "listenSubnets").map(String);
  const isBad = (subnet: string) => !isSubnetOrAddress(subnet, { isNegatable: true });
  for (const subnet of advertised.filter(isBad)) {
    problems.push(`etcd advertised subnet is not valid: ${goQuote(subnet)}`);
  }
  for (const subnet of (listened.length > 0 ? listened : advertised).filter(isBad)) {
    problems.push(`etcd listen subnet is not valid: ${goQuote(subnet)}`);
  }
  return problems;
}

function manifestProblems(manifests: readonly ConfigValue[]): string[] {
  const seen = new Set<string>();
  return manifests.flatMap((manifest) => {
    const name = textAt(manifest, "name");
    if (name === "") return "inline manifest name can't be empty";
    if (seen.has(name)) return `inline manifest name ${goQuote(name)} is duplicate`;
    seen.add(name);
    return [];
  });
}

/** Whether the old discovery block is on, with its service. */
export function isLegacyDiscovery(cluster: ConfigValue | undefined): boolean {
  return valueAt(cluster, "discovery", "enabled") === true &&
    valueAt(cluster, "discovery", "registries", "service", "disabled") !== true;
}

function discoveryProblems(cluster: ConfigValue): string[] {
  if (!isLegacyDiscovery(cluster)) return [];
  const problems: string[] = [];
  const endpoint = textAt(cluster, "discovery", "registries", "service", "endpoint");
  if (endpoint !== "") {
    const problem = endpointProblem(endpoint);
    if (problem !== undefined) {
      problems.push(`cluster discovery service registry endpoint is invalid: ${problem}`);
    } else if (/^[^/]*\/\/[^/]*\/./.test(endpoint)) {
      problems.push("cluster discovery service path should be empty");
    }
  }
  for (const key of ["id", "secret"]) {
    if (textAt(cluster, key) !== "") continue;
    problems.push(`cluster discovery service requires .cluster.${key}`);
  }
  return problems;
}

const authorizerTypes: readonly string[] = ["Node", "RBAC", "Webhook"];

function apiServerProblems(server: ConfigValue | undefined): string[] {
  const authorizers = listAt(server, "authorizationConfig");
  const problems: string[] = [];
  if (authorizers.length > 0) {
    const given = entriesAt(server, "extraArgs").map(([key]) => key);
    if (given.includes("authorization-mode")) {
      problems.push(
        "authorization-mode cannot be used in conjunction with AuthorizationConfig, " +
          "use eitherr AuthorizationConfig or authorization-mode", // spelled so by the reference
      );
    }
    if (given.some((key) => key.startsWith("authorization-webhook-"))) {
      problems.push(
        "authorization-webhook-* flags cannot be used in conjunction with AuthorizationConfig, " +
          "use either AuthorizationConfig or authorization-webhook-* flags",
      );
    }
  }
  for (const authorizer of authorizers) {
    const type = textAt(authorizer, "type");
    const failed = "apiserver authorization config validation failed: ";
    if (type === "") problems.push(`${failed}authorizer type must be set`);
    if (textAt(authorizer, "name") === "") problems.push(`${failed}authorizer name must be set`);
    if (!authorizerTypes.includes(type)) problems.push(failed + authorizerTypeProblem(type));
  }
  const resources = resourceProblem(valueAt(server, "resources"));
  if (resources !== undefined) problems.push(`apiserver resource validation failed: ${resources}`);
  return problems;
}

/** What is wrong with a type of authorizer; empty where nothing is. */
export function authorizerTypeProblem(type: string): string {
  if (authorizerTypes.includes(type)) return "";
  return `authorizer type ${type} is not allowed, allowed types are [${authorizerTypes.join(" ")}]`;
}
