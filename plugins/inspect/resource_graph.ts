/** The graph of controllers and single resources, those of a type in a box (spec/resources.md, 10). */

import type { ControllerDependencyEdge } from "../../proto/gen/inspect/inspect.ts";
import {
  controllerAttributes,
  type Graph,
  type GraphCluster,
  type GraphEdge,
  type GraphNode,
  NodeNumbers,
  resourceAttributes,
} from "./graph.ts";

/** One resource of the graph. */
export interface ResourceNode {
  namespace: string;
  type: string;
  id: string;
  /** The controller that made it. */
  owner: string;
}

/** Arrows lead to what a controller owns, and from what it reads. */
export function resourceGraph(
  dependencies: readonly ControllerDependencyEdge[],
  resources: readonly ResourceNode[],
): Graph {
  const numbers = new NodeNumbers();
  const controllers = new Map(
    dependencies.map(({ controllerName }) => [
      controllerName,
      numbers.node(controllerName, controllerAttributes),
    ]),
  );
  const nodesByResource = new Map<ResourceNode, GraphNode>();
  const clusters: GraphCluster[] = [];
  for (const [type, items] of Map.groupBy(resources, ({ type }) => type)) {
    const number = numbers.next();
    for (const item of items) nodesByResource.set(item, resourceNode(numbers, item));
    const nodes = items.flatMap((item) => nodesByResource.get(item) ?? []);
    clusters.push({ number, label: type, nodes });
  }

  const edges: GraphEdge[] = [];
  for (const dependency of dependencies) {
    const controller = controllers.get(dependency.controllerName);
    for (const [resource, node] of nodesByResource) {
      if (controller === undefined || !concerns(dependency, resource)) continue;
      edges.push(...arrow(dependency, controller, node));
    }
  }
  return { clusters, nodes: [...controllers.values()], edges };
}

function resourceNode(numbers: NodeNumbers, { namespace, type, id }: ResourceNode): GraphNode {
  return numbers.node(`${namespace}/${type}/${id}`, resourceAttributes);
}

function concerns(
  { controllerName, edgeType, resourceType, resourceId }: ControllerDependencyEdge,
  { type, id, owner }: ResourceNode,
): boolean {
  if (type !== resourceType || (resourceId !== "" && resourceId !== id)) return false;
  return edgeType.startsWith("INPUT_") || owner === controllerName;
}

function arrow(
  { edgeType }: ControllerDependencyEdge,
  controller: GraphNode,
  resource: GraphNode,
): GraphEdge[] {
  switch (edgeType) {
    case "OUTPUT_EXCLUSIVE":
    case "OUTPUT_SHARED":
      return [{ from: controller, to: resource, attributes: { style: "solid" } }];
    case "INPUT_STRONG":
      return [{ from: resource, to: controller, attributes: { style: "solid" } }];
    case "INPUT_WEAK":
      return [{ from: resource, to: controller, attributes: { style: "dotted" } }];
    default:
      return [];
  }
}
