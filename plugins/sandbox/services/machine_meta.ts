/** MachineService: values of the META partition, written and deleted (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";
import { refreshResources } from "../resources/refresh_resources.ts";
import { implement } from "../service_group.ts";
import { refuseInContainer } from "./machine_lifecycle.ts";

/** The room of the partition for all values together. */
const capacityBytes = 256 * 1024;

export const machineMeta = implement("machine.MachineService", {
  metaWrite: ({ key, value }, { node }) => {
    refuseInContainer(node);
    checkKey(key);
    const { meta } = node.disk;
    const others = [...meta].filter(([other]) => other !== key);
    const usedBytes = others.reduce((sum, [, text]) => sum + encoder.encode(text).length, 0);
    if (usedBytes + value.length > capacityBytes) {
      throw new RpcError("ResourceExhausted", "meta write failed");
    }
    meta.set(key, new TextDecoder().decode(value));
    refreshResources(node, ["MetaKeys.runtime.talos.dev"]);
    return { messages: [{}] };
  },

  metaDelete: ({ key }, { node }) => {
    refuseInContainer(node);
    checkKey(key);
    if (!node.disk.meta.delete(key)) throw new RpcError("NotFound", "meta key not found");
    refreshResources(node, ["MetaKeys.runtime.talos.dev"]);
    return { messages: [{}] };
  },
});

const encoder = new TextEncoder();

function checkKey(key: number): void {
  if (key <= 0xff) return;
  throw new RpcError("InvalidArgument", "key must be a uint8");
}
