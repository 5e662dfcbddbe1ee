/** The resources of a node, by type: fixed ones, and those that follow from what the node is and does. */

import type { DerivedDraft, ResourceSource } from "../cosi_store.ts";
import type { SandboxNode } from "../node.ts";
import { clusterSources } from "./cluster.ts";
import { configSources } from "./config.ts";
import { configSpecSources } from "./config_specs.ts";
import { diagnosticSources } from "./diagnostics.ts";
import { diskSources } from "./disks.ts";
import { etcdSources } from "./etcd.ts";
import { fixedResources, hasFixedResources } from "./fixed.ts";
import { hardwareSources } from "./hardware.ts";
import { kubeSpanSources } from "./kubespan.ts";
import { kubernetesConfigSources } from "./kubernetes_configs.ts";
import { kubernetesSources } from "./kubernetes.ts";
import { lvmSources } from "./lvm.ts";
import { machineStatusSources } from "./machine_status.ts";
import { networkAddressSources } from "./network_addresses.ts";
import { networkLinkSources } from "./network_links.ts";
import { networkNameSources } from "./network_names.ts";
import { networkRouteSources } from "./network_routes.ts";
import { type ClusterFacts, nodeFacts } from "./node_facts.ts";
import { perfSources } from "./perf.ts";
import { draftOf, namespaceOf, type ResourceSeed } from "./resource_seed.ts";
import { runtimeSources } from "./runtime.ts";
import { secretSources } from "./secrets.ts";
import { serviceSources } from "./services.ts";
import type { Sources } from "./sources.ts";
import { timeSources } from "./time.ts";
import { volumeSources } from "./volumes.ts";

/** A new area gets a line here. */
const sources: Sources = {
  ...clusterSources,
  ...configSources,
  ...configSpecSources,
  ...diagnosticSources,
  ...diskSources,
  ...etcdSources,
  ...hardwareSources,
  ...kubeSpanSources,
  ...kubernetesConfigSources,
  ...kubernetesSources,
  ...secretSources,
  ...lvmSources,
  ...machineStatusSources,
  ...networkAddressSources,
  ...networkLinkSources,
  ...networkNameSources,
  ...networkRouteSources,
  ...perfSources,
  ...runtimeSources,
  ...serviceSources,
  ...timeSources,
  ...volumeSources,
};

/** The source of a node's store. */
export function nodeResources(node: SandboxNode, cluster: ClusterFacts): ResourceSource {
  return {
    since: node.bootedAt,
    list: (namespace, type) => listResources(node, cluster, { namespace, type }),
    follow: (onChange) => node.events.subscribe(onChange),
  };
}

function listResources(
  node: SandboxNode,
  cluster: ClusterFacts,
  { namespace, type }: { namespace: string; type: string },
): readonly DerivedDraft[] | undefined {
  const source = sources[type];
  if (source === undefined && !hasFixedResources(type)) return undefined;
  const facts = nodeFacts(node, cluster);
  const derived = source?.(facts) ?? [];
  const isDerived = (fixed: ResourceSeed) =>
    derived.some(({ id, namespace }) => id === fixed.id && namespace === fixed.namespace);
  return [...fixedResources(type, facts).filter((fixed) => !isDerived(fixed)), ...derived]
    .filter((seed) => namespaceOf(type, seed) === namespace)
    .map((seed) => draftOf(type, seed));
}
