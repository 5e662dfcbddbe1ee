/** The `get` command: resources of nodes, and the completion of what nodes know. */

import type { Plugin } from "../../core/plugin.ts";
import { completeNode, completeResourceId, completeResourceType } from "./complete.ts";
import { get } from "./get.ts";

export default {
  name: "resources",
  apiVersion: 1,
  register(registry) {
    registry.command(get);
    registry.completer("node", completeNode);
    registry.completer("resourceId", completeResourceId);
    registry.completer("resourceType", completeResourceType);
  },
} satisfies Plugin;
