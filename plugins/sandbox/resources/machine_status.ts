/** The stage of a node and whether it is ready. */

import { machineStatus } from "../machine_status.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const machineStatusSources: Sources = {
  "MachineStatuses.runtime.talos.dev": ({ node, isControlPlane }) => {
    const { stage, ready, unmetConditions } = machineStatus(node);
    return [{
      id: "machine",
      owner: "runtime.MachineStatusController",
      version: isControlPlane ? 9 : 7,
      spec: { stage, status: { ready, unmetConditions } },
    }];
  },
};
