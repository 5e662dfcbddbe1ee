/** InspectService: how the controllers of a node hang together (spec/resources.md, 10). */

import type { ControllerDependencyEdge } from "../../../proto/gen/inspect/inspect.ts";
import { implement } from "../service_group.ts";
import { namespaceOf } from "../shared_resources.ts";

/** As they are written in the data: controller, kind of edge, resource type, and the resource's id where one is meant. */
const edgeTypes: Readonly<Record<string, ControllerDependencyEdge["edgeType"]>> = {
  exclusive: "OUTPUT_EXCLUSIVE",
  shared: "OUTPUT_SHARED",
  strong: "INPUT_STRONG",
  weak: "INPUT_WEAK",
};

export const inspect = implement("inspect.InspectService", {
  controllerRuntimeDependencies: async (_request, { node }) => {
    const { default: rows } = await import("../data/controller_edges.json", {
      with: { type: "json" },
    });
    const edges = rows.map((
      [controllerName = "", kind = "", resourceType = "", resourceId = ""],
    ) => ({
      controllerName,
      edgeType: edgeTypes[kind] ?? "UNRECOGNIZED",
      // Outputs name no namespace: controllers may write to any.
      resourceNamespace: kind === "strong" || kind === "weak" ? namespaceOf(resourceType) : "",
      resourceType,
      resourceId: resourceId === "{nodeId}" ? node.nodeId : resourceId,
    }));
    return { messages: [{ edges }] };
  },
});
