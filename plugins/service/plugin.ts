/** The `service` command group: the services that run on the nodes. */

import type { Plugin } from "../../core/plugin.ts";
import { completeServiceIds } from "./complete_service_ids.ts";
import { service } from "./service.ts";

export default {
  name: "service",
  apiVersion: 1,
  register(registry) {
    registry.command(service);
    registry.completer("serviceId", completeServiceIds);
  },
} satisfies Plugin;
