/** Resources that are the same on all nodes of a cluster: type definitions and namespaces (spec/resources.md, 1.3 and 13). */

import { toGoYaml } from "../../core/output/go_yaml.ts";
import { NamespaceSpec, ResourceDefinitionSpec } from "../../proto/gen/v1alpha1/meta.ts";
import type { SandboxClock } from "./clock.ts";
import { CosiStore, type ResourceDraft } from "./cosi_store.ts";
import definitions from "./data/resource_definitions.json" with { type: "json" };
import namespaces from "./data/namespaces.json" with { type: "json" };
import type { SandboxNode } from "./node.ts";

/** The type of the definitions themselves. */
export const definitionType = "ResourceDefinitions.meta.cosi.dev";
/** The type of the namespaces. */
export const namespaceType = "Namespaces.meta.cosi.dev";

/** Fills a store, as of the boot of the nodes. */
export function sharedResources(
  clock: SandboxClock,
  nodes: readonly SandboxNode[],
): CosiStore {
  const store = new CosiStore(clock);
  const at = nodes[0]?.bootedAt ?? clock.now();
  for (const definition of definitions) store.put(definitionDraft(definition), at);
  for (const [id, description] of Object.entries(namespaces)) {
    store.put(namespaceDraft(id, description), at);
  }
  return store;
}

/** Where resources of a type are; `runtime` for one that has no definition. */
export function namespaceOf(type: string): string {
  return definitions.find((definition) => definition.type === type)?.namespace ?? "runtime";
}

function definitionDraft(definition: typeof definitions[number]): ResourceDraft {
  const { type, displayType, namespace, aliases, columns, sensitive } = definition;
  const skipAutomaticAliases = "skipAutomaticAliases" in definition;
  const printColumns = columns.map(([name = "", jsonPath = ""]) => ({ name, jsonPath }));
  const allAliases = skipAutomaticAliases ? aliases : [...namePrefixes(type), ...aliases];
  const yaml = {
    type,
    displayType,
    defaultNamespace: namespace,
    aliases,
    allAliases,
    skipAutomaticAliases: skipAutomaticAliases || undefined,
    printColumns,
    sensitivity: sensitive ? "sensitive" : undefined,
  };
  const proto = ResourceDefinitionSpec.fromPartial({
    resourceType: type,
    displayType,
    defaultNamespace: namespace,
    aliases,
    allAliases,
    printColumns,
    sensitivity: sensitive ? "SENSITIVE" : "NON_SENSITIVE",
  });
  return {
    ...meta(definitionType, type.toLowerCase()),
    yamlSpec: toGoYaml(yaml),
    protoSpec: ResourceDefinitionSpec.encode(proto).finish(),
  };
}

/** `members`, `members.cluster`, `members.cluster.talos` of `Members.cluster.talos.dev`. */
function namePrefixes(type: string): readonly string[] {
  const words = type.toLowerCase().split(".");
  return words.slice(0, -1).map((_, index) => words.slice(0, index + 1).join("."));
}

function namespaceDraft(id: string, description: string): ResourceDraft {
  return {
    ...meta(namespaceType, id),
    yamlSpec: toGoYaml({ description }),
    protoSpec: NamespaceSpec.encode(NamespaceSpec.fromPartial({ description })).finish(),
  };
}

function meta(type: string, id: string) {
  return { namespace: "meta", type, id, owner: "meta" };
}
