/** Resources that are the same on all nodes of a cluster: type definitions, namespaces, members (spec/resources.md, 1.3 and 13). */

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { toGoYaml } from "../../core/output/go_yaml.ts";
import { NamespaceSpec, ResourceDefinitionSpec } from "../../proto/gen/v1alpha1/meta.ts";
import type { SandboxClock } from "./clock.ts";
import { CosiStore, type ResourceDraft } from "./cosi_store.ts";
import definitions from "./data/resource_definitions.json" with { type: "json" };
import namespaces from "./data/namespaces.json" with { type: "json" };
import type { SandboxNode } from "./node.ts";
import { lengthDelimited } from "./wire.ts";

/** The type of the definitions themselves. */
export const definitionType = "ResourceDefinitions.meta.cosi.dev";
/** The type of the namespaces. */
export const namespaceType = "Namespaces.meta.cosi.dev";

const machineTypeNumbers = { unknown: 0, controlplane: 2, worker: 3 };

/** Fills a store; members are the nodes that have a machine configuration. */
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
  for (const node of nodes) {
    if (node.machineType !== "unknown") store.put(memberDraft(node), at);
  }
  return store;
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

function memberDraft(node: SandboxNode): ResourceDraft {
  const { nodeId, addresses, hostname, machineType } = node;
  const operatingSystem = `Talos (${node.version.tag})`;
  const controlPlane = machineType === "controlplane" ? { port: 6443 } : undefined;
  return {
    namespace: "cluster",
    type: "Members.cluster.talos.dev",
    id: hostname,
    owner: "cluster.MemberController",
    yamlSpec: toGoYaml({ nodeId, addresses, hostname, machineType, operatingSystem, controlPlane }),
    protoSpec: memberProto(node, operatingSystem),
  };
}

function memberProto(
  { nodeId, addresses, hostname, machineType }: SandboxNode,
  operatingSystem: string,
): Uint8Array {
  const writer = new BinaryWriter().tag(1, 2).string(nodeId);
  for (const address of addresses) {
    const bytes = Uint8Array.from(address.split("."), Number);
    writer.tag(2, 2).bytes(lengthDelimited(1, bytes));
  }
  writer.tag(3, 2).string(hostname);
  writer.tag(4, 0).int32(machineTypeNumbers[machineType]);
  writer.tag(5, 2).string(operatingSystem);
  if (machineType === "controlplane") {
    writer.tag(6, 2).bytes(new BinaryWriter().tag(1, 0).int32(6443).finish());
  }
  return writer.finish();
}
