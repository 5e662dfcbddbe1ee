/** `talosctl inspect dependencies`: which controllers of a node read and write which resources, as a graph. */

import type { Talos } from "../../core/client/talos.ts";
import type { Command, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { RpcError } from "../../core/errors.ts";
import { findDefinition, listDefinitions } from "../../core/resources/definitions.ts";
import type { ControllerDependencyEdge } from "../../proto/gen/inspect/inspect.ts";
import { formatGraph } from "./graph.ts";
import { resourceGraph, type ResourceGroup } from "./resource_graph.ts";
import { typeGraph } from "./type_graph.ts";

/** The dependencies of one node. */
interface DependencyRecord {
  node: string;
  edges: ControllerDependencyEdge[];
  /** All resources of the types in the edges, when they were asked for. */
  resources?: ResourceGroup[];
}

const flags = {
  svg: {
    type: "string",
    help: "Draw the graph into this file as an SVG picture; without it, print it as text",
  },
  withResources: { type: "bool", help: "Show each resource instead of its type" },
} as const satisfies Flags;

export const dependencies: Command<DependencyRecord, typeof flags> = {
  path: ["inspect", "dependencies"],
  summary: "Draw how controllers and resources of a node depend on each other",
  description: `Prints a graph in the language of Graphviz: which controller reads and writes
which resources. With --svg the graph is drawn at once.`,
  example: `  talosctl inspect dependencies -n 10.5.0.2 | dot -Tsvg > graph.svg
  talosctl inspect dependencies -n 10.5.0.2 --svg graph.svg`,
  args: { rule: "none" },
  flags,
  targets: "one",
  text: graphText,

  async *run({ flags, nodes, talos }) {
    const [node = ""] = await nodes();
    const inspect = await talos.node(node).service("inspect.InspectService");
    const { messages } = await withPrefix(
      "error getting controller runtime dependencies",
      inspect.controllerRuntimeDependencies({}),
    );
    const edges = messages.flatMap((message) => message.edges);
    const record = flags.withResources
      ? { node, edges, resources: await listResources(talos, node, edges) }
      : { node, edges };
    if (flags.svg === "") yield record;
    else await drawSvg(graphText(record), flags.svg);
  },
};

function graphText({ edges, resources }: DependencyRecord): string {
  return formatGraph(resources === undefined ? typeGraph(edges) : resourceGraph(edges, resources));
}

/**
 * The resources of each type, looked for where its first edge says.
 *
 * @throws {RpcError} for a type that the node does not know; one that cannot be listed is left out
 * (spec/resources.md, 10).
 */
async function listResources(
  talos: Talos,
  node: string,
  edges: readonly ControllerDependencyEdge[],
): Promise<ResourceGroup[]> {
  const state = await talos.node(node).service("cosi.resource.State");
  const definitions = await listDefinitions(talos, node);
  const groups: ResourceGroup[] = [];
  const seen = new Set<string>();
  for (const { resourceType, resourceNamespace } of edges) {
    if (seen.has(resourceType)) continue;
    seen.add(resourceType);
    const { type, defaultNamespace } = findDefinition(definitions, resourceType);
    const namespace = resourceNamespace === "" ? defaultNamespace : resourceNamespace;
    const group: ResourceGroup = { type: resourceType, items: [] };
    try {
      for await (const { resource } of state.list({ namespace, type })) {
        const { namespace = "", id = "", owner = "" } = resource?.metadata ?? {};
        group.items.push({ namespace, id, owner });
      }
      groups.push(group);
    } catch (error) {
      // A role may not see the types that hold secrets: the graph of the others is still of use.
      if (!(error instanceof RpcError)) throw error;
    }
  }
  return groups;
}

/** A real node has 442 graph nodes and 708 edges: 7 s with these limits on the search, 37 s without. */
const fastLayout = { nslimit: 0.1, nslimit1: 0.1, mclimit: 0.1 };

async function drawSvg(graph: string, path: string): Promise<void> {
  const [{ instance }, { writeFileAtomic }] = await Promise.all([
    import("@viz-js/viz"),
    import("../../core/files/atomic.ts"),
  ]);
  const svg = (await instance()).renderString(graph, {
    format: "svg",
    graphAttributes: fastLayout,
  });
  await writeFileAtomic(path, svg, { mode: 0o644 });
}
