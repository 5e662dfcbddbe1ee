/** The graph of controllers and the types of resources (spec/resources.md, 10). */

import type { ControllerDependencyEdge } from "../../proto/gen/inspect/inspect.ts";
import {
  controllerAttributes,
  type Graph,
  type GraphEdge,
  type GraphNode,
  NodeNumbers,
  resourceAttributes,
} from "./graph.ts";

/** One node a controller and one a type, and an arrow an edge, along the way of the data. */
export function typeGraph(dependencies: readonly ControllerDependencyEdge[]): Graph {
  const numbers = new NodeNumbers();
  const nodes = new Set<GraphNode>();
  const edges: GraphEdge[] = [];
  for (const { controllerName, edgeType, resourceType, resourceId } of dependencies) {
    const controller = numbers.node(controllerName, controllerAttributes);
    const type = numbers.node(resourceType, resourceAttributes);
    nodes.add(controller).add(type);
    const label = resourceId === "" ? {} : { label: resourceId };
    switch (edgeType) {
      case "OUTPUT_EXCLUSIVE":
        edges.push({ from: controller, to: type, attributes: { style: "bold" } });
        break;
      case "OUTPUT_SHARED":
        edges.push({ from: controller, to: type, attributes: { style: "solid" } });
        break;
      case "INPUT_STRONG":
        edges.push({ from: type, to: controller, attributes: { ...label, style: "solid" } });
        break;
      case "INPUT_WEAK":
        edges.push({ from: type, to: controller, attributes: { ...label, style: "dotted" } });
        break;
    }
  }
  return { clusters: [], nodes: [...nodes], edges };
}
