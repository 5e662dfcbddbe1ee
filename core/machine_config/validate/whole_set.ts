/** Checks that need all documents of a configuration (spec/machine-config.md, 12.4). */

import { goQuote } from "../../output/go_quote.ts";
import { documentKind } from "../schema.ts";
import { type ConfigDocument, type ConfigValue, listAt, textAt, valueAt } from "../value.ts";
import { isLegacyDiscovery } from "./main_cluster.ts";
import { isControlPlane } from "./machine_type.ts";

/** What the checks need of the documents but the main one; most of it does not grow with their number. */
export interface DocumentFacts {
  /** What the first document of each kind says. */
  first: Map<string, ConfigValue>;
  /** The containers that each container waits for. */
  containers: Map<string, readonly string[]>;
}

/** No documents yet. */
export function newDocumentFacts(): DocumentFacts {
  return { first: new Map(), containers: new Map() };
}

/** Notes what the checks need of a document. */
export function addFacts(facts: DocumentFacts, { kind, name, value }: ConfigDocument): void {
  if (!facts.first.has(kind)) facts.first.set(kind, value);
  if (kind === "ContainerConfig") {
    facts.containers.set(name, listAt(value, "dependsOn", "containers").map(String));
  }
}

/** All that is wrong with the documents together, in the order of the checks. */
export function wholeSetProblems(
  { first, containers }: DocumentFacts,
  main: ConfigValue | undefined,
  mode: string,
): string[] {
  return [
    ...hostDnsProblems(first, main, mode),
    ...discoveryProblems(first, main),
    ...containerProblems(containers),
    ...kubespanProblems(first, main),
    ...encryptionProblems(first, main),
    ...controlPlaneOnlyProblems(first.keys(), main),
  ];
}

type FirstDocuments = DocumentFacts["first"];

function hostDnsProblems(
  first: FirstDocuments,
  main: ConfigValue | undefined,
  mode: string,
): string[] {
  const resolver = first.get("ResolverConfig");
  const ofDocument = valueAt(resolver, "hostDNS");
  const isDocumentUsed = valueAt(ofDocument, "enabled") === true;
  const hostDns = isDocumentUsed ? ofDocument : valueAt(main, "machine", "features", "hostDNS");
  const isEnabled = valueAt(hostDns, "enabled") === true;
  const problems: string[] = [];
  if (mode === "container" && hostDns === undefined) {
    problems.push("hostDNS config is required in container mode");
  } else if (mode === "container") {
    if (!isEnabled) problems.push("hostDNS must be enabled in container mode");
    if (valueAt(hostDns, "forwardKubeDNSToHost") !== true) {
      problems.push("forwardKubeDNSToHost must be enabled in container mode");
    }
  }
  const isEncrypted = listAt(resolver, "nameservers")
    .some((server) => !["", "Do53"].includes(textAt(server, "protocol")));
  if (isEncrypted && !isEnabled) {
    problems.push("hostDNS must be enabled when using non-default DNS protocols");
  }
  return problems;
}

function hasDiscovery(
  first: FirstDocuments,
  main: ConfigValue | undefined,
): boolean {
  return isLegacyDiscovery(valueAt(main, "cluster")) ||
    first.has("DiscoveryServiceConfig");
}

function discoveryProblems(
  first: FirstDocuments,
  main: ConfigValue | undefined,
): string[] {
  if (!hasDiscovery(first, main)) return [];
  const identity = first.get("DiscoveryIdentityConfig");
  const parts = [
    ["ID", "id", "clusterID"],
    ["secret", "secret", "clusterSecret"],
  ] as const;
  return parts.filter(([, key, documentKey]) =>
    textAt(main, "cluster", key) === "" && textAt(identity, documentKey) === ""
  ).map(([name, key]) =>
    `cluster ${name} (.cluster.${key} or DiscoveryIdentityConfig) should be set ` +
    "when cluster discovery (DiscoveryServiceConfig) is enabled"
  );
}

function containerProblems(dependencies: DocumentFacts["containers"]): string[] {
  const problems: string[] = [];
  for (const [name, others] of dependencies) {
    for (const other of others.filter((each) => !dependencies.has(each))) {
      problems.push(
        `container ${goQuote(name)} depends on container ${
          goQuote(other)
        }, which is not configured`,
      );
    }
  }
  const cycles = cyclesIn(dependencies);
  if (cycles.length > 0) {
    problems.push(`container dependsOn cycle detected: ${cycles.join(", ")}`);
  }
  return problems;
}

/** Each cycle once, from its smallest name on, such as `a -> b -> a`; in order. */
function cyclesIn(dependencies: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    const start = path.indexOf(name);
    if (start >= 0) {
      const cycle = path.slice(start);
      const least = cycle.indexOf(cycle.toSorted()[0] ?? "");
      const turned = [...cycle.slice(least), ...cycle.slice(0, least)];
      if (cycle.length > 1) cycles.add([...turned, turned[0]].join(" -> "));
      return;
    }
    if (done.has(name)) return;
    for (const other of dependencies.get(name) ?? []) visit(other, [...path, name]);
    done.add(name);
  };
  for (const name of dependencies.keys()) visit(name, []);
  return [...cycles].sort();
}

function kubespanProblems(
  first: FirstDocuments,
  main: ConfigValue | undefined,
): string[] {
  const isEnabled = valueAt(first.get("KubeSpanConfig"), "enabled") === true ||
    valueAt(main, "machine", "network", "kubespan", "enabled") === true;
  if (!isEnabled || hasDiscovery(first, main)) return [];
  return ["KubeSpan requires cluster discovery to be enabled"];
}

function encryptionProblems(
  first: FirstDocuments,
  main: ConfigValue | undefined,
): string[] {
  if (!isControlPlane(main)) return [];
  const cluster = valueAt(main, "cluster");
  const hasAuthority = first.get("KubeAPIServerCAConfig") !== undefined ||
    valueAt(cluster, "ca") !== undefined;
  const hasEncryption = first.get("KubeEtcdEncryptionConfig") !== undefined ||
    textAt(cluster, "secretboxEncryptionSecret") !== "" ||
    textAt(cluster, "aescbcEncryptionSecret") !== "";
  if (!hasAuthority || hasEncryption) return [];
  return ["etcd encryption config is required for control plane machines running kube-apiserver"];
}

function controlPlaneOnlyProblems(
  kinds: Iterable<string>,
  main: ConfigValue | undefined,
): string[] {
  if (isControlPlane(main)) return [];
  const refused = [...kinds].filter((kind) => documentKind(kind)?.isControlPlaneOnly).sort();
  if (refused.length === 0) return [];
  return [
    "the following document kinds are only allowed on control plane machines: " +
    `[${refused.join(" ")}]`,
  ];
}
