/** The `inject` command group: manifests on their way to Kubernetes, completed. */

import type { Plugin } from "../../core/plugin.ts";
import { group } from "./group.ts";
import { serviceAccount } from "./service_account.ts";

export default {
  name: "inject",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(serviceAccount);
  },
} satisfies Plugin;
