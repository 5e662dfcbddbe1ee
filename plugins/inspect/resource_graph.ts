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
  id: string;
  /** The controller that made it. */
  owner: string;
}

/** All resources of one type. */
export interface ResourceGroup {
  type: string;
  items: ResourceNode[];
}

/** Arrows lead to what a controller owns, and from what it reads. */
export function resourceGraph(
  dependencies: readonly ControllerDependencyEdge[],
  groups: readonly ResourceGroup[],
): Graph {
  const numbers = new NodeNumbers();
  const controllers = new Map(
    dependencies.map(({ controllerName }) => [
      controllerName,
      numbers.node(controllerName, controllerAttributes),
    ]),
  );
  const clusters: GraphCluster[] = [];
  const drawnByType = new Map<string, DrawnResource[]>();
  for (const { type, items } of groups) {
    const number = numbers.next();
    const drawn = items.map((resource) => {
      const label = `${resource.namespace}/${type}/${resource.id}`;
      return { resource, node: numbers.node(label, resourceAttributes) };
    });
    clusters.push({ number, label: type, nodes: drawn.map(({ node }) => node) });
    drawnByType.set(type, drawn);
  }

  const edges: GraphEdge[] = [];
  for (const dependency of dependencies) {
    const controller = controllers.get(dependency.controllerName);
    for (const { resource, node } of drawnByType.get(dependency.resourceType) ?? []) {
      if (controller === undefined || !concerns(dependency, resource)) continue;
      edges.push(...arrow(dependency, controller, node));
    }
  }
  return { clusters, nodes: [...controllers.values()], edges };
}

interface DrawnResource {
  resource: ResourceNode;
  node: GraphNode;
}

function concerns(
  { controllerName, edgeType, resourceId }: ControllerDependencyEdge,
  { id, owner }: ResourceNode,
): boolean {
  if (resourceId !== "" && resourceId !== id) return false;
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
