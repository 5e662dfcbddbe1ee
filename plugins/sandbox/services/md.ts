/** MDService: software RAID arrays destroyed (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";
import { requireAdminOrMaintenance } from "../admin_or_maintenance.ts";
import { refreshResources, storageTypes } from "../resources/refresh_resources.ts";
import { implement } from "../service_group.ts";

export const md = implement("machine.MDService", {
  destroy: ({ device }, context) => {
    requireAdminOrMaintenance(context);
    if (device === "") throw new RpcError("InvalidArgument", "device must be set");
    if (!device.startsWith("/dev/")) {
      throw new RpcError("InvalidArgument", "device must be a full /dev path");
    }
    const { node } = context;
    // There are no arrays to ask for in a container.
    if (node.platform === "container") throw new RpcError("Internal", "md operation failed");
    const { arrays } = node.disk.storage;
    const array = arrays.get(device);
    if (array === undefined) throw new RpcError("NotFound", "md: array not found");
    if (array.isInUse) throw new RpcError("FailedPrecondition", "md: resource in use");
    arrays.delete(device);
    refreshResources(node, storageTypes);
    return {};
  },
});
