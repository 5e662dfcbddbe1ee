/** What an area of resources is: for each of its types, the resources of a node. */

import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";

/** Resources of a node by type. */
export type Sources = Readonly<Record<string, (facts: NodeFacts) => readonly ResourceSeed[]>>;

/** Resources that a container does not have. */
export function onMetal(source: Sources[string]): Sources[string] {
  return (facts) => facts.isMetal ? source(facts) : [];
}

/** Resources that there are only with a machine configuration. */
export function whenConfigured(source: Sources[string]): Sources[string] {
  return (facts) => facts.isConfigured ? source(facts) : [];
}

/** Resources of control planes. */
export function onControlPlane(source: Sources[string]): Sources[string] {
  return (facts) => facts.isControlPlane ? source(facts) : [];
}
