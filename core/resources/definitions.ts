/** Resource types: what a node says of them, and which one a user's word means. */

import { RpcError } from "../errors.ts";
import type { CallOptions, Talos } from "../client/talos.ts";

/** The type of all definitions, and where they are. */
const definitionList = { namespace: "meta", type: "ResourceDefinitions.meta.cosi.dev" };

/** One type of resources. */
export interface ResourceDefinition {
  /** The full type in lower case. */
  id: string;
  /** The full type: `Members.cluster.talos.dev`. */
  type: string;
  /** What tables show: `Member`. */
  displayType: string;
  defaultNamespace: string;
  /** The short names. */
  aliases: readonly string[];
  /** All names the type is known by, besides its id. */
  allAliases: readonly string[];
  /** Columns of its table; paths are jsonpath templates for the spec. */
  columns: readonly { name: string; jsonPath: string }[];
}

/** All definitions of a node, sorted by id. */
export async function listDefinitions(
  talos: Talos,
  node: string,
  options: CallOptions = {},
): Promise<ResourceDefinition[]> {
  const [state, { ResourceDefinitionSpec }] = await Promise.all([
    talos.node(node).service("cosi.resource.State"),
    import("../../proto/gen/v1alpha1/meta.ts"),
  ]);
  const definitions: ResourceDefinition[] = [];
  for await (const { resource } of state.list(definitionList, options)) {
    const spec = ResourceDefinitionSpec.decode(resource?.spec?.protoSpec ?? new Uint8Array());
    definitions.push({
      id: resource?.metadata?.id ?? "",
      type: spec.resourceType,
      displayType: spec.displayType,
      defaultNamespace: spec.defaultNamespace,
      aliases: spec.aliases,
      allAliases: spec.allAliases,
      columns: spec.printColumns,
    });
  }
  return definitions;
}

/**
 * The one type that a word means, whatever its case: an id or an alias (spec/resources.md, 4).
 *
 * @throws {RpcError} NotFound for none, InvalidArgument for several.
 */
export function findDefinition(
  definitions: readonly ResourceDefinition[],
  word: string,
): ResourceDefinition {
  const wanted = word.toLowerCase();
  const matches = definitions.filter(({ id, allAliases }) =>
    id.toLowerCase() === wanted || allAliases.some((alias) => alias.toLowerCase() === wanted)
  );
  const [match] = matches;
  if (match === undefined) throw new RpcError("NotFound", `resource "${word}" is not registered`);
  if (matches.length > 1) {
    const ids = matches.map(({ id }) => id).join(" ");
    throw new RpcError("InvalidArgument", `resource type "${word}" is ambiguous: [${ids}]`);
  }
  return match;
}
