/** MachineService/PacketCapture: packets of an interface (spec/machine-read.md, 20). A filter is taken and lets everything through. */

import { RpcError } from "../../../core/errors.ts";
import { implement } from "../service_group.ts";
import { interfacesOf } from "../system/hardware.ts";
import { capturePackets } from "../system/packet_capture.ts";

const defaultSnapLengthBytes = 4096;

export const machineCapture = implement("machine.MachineService", {
  packetCapture: async function* (request, { cluster, node, signal }) {
    const link = interfacesOf(node).find(({ name }) => name === request.interface);
    if (link === undefined) {
      throw new RpcError("NotFound", `interface "${request.interface}" not found`);
    }
    const snapLengthBytes = request.snapLen || defaultSnapLengthBytes;
    const capture = capturePackets({ node, link, snapLengthBytes, clock: cluster.clock, signal });
    for await (const bytes of capture) yield { bytes };
  },
});
