/** MachineService/Version: the software of a node (spec/machine-read.md, 3). */

import { isInMaintenance } from "../node.ts";
import { implement } from "../service_group.ts";

export const machineVersion = implement("machine.MachineService", {
  version: (_request, { node }) => ({
    messages: [{
      version: { ...node.version, built: "" },
      platform: { name: node.platform, mode: node.platform },
      // Without a machine configuration a node does not know its features.
      features: isInMaintenance(node) ? undefined : { rbac: true },
    }],
  }),
});
