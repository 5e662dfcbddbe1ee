/** The machine that a metal node is; a container has none. */

import type { ResourceSeed } from "./resource_seed.ts";
import { onMetal, type Sources } from "./sources.ts";

/** The sources of this area. */
export const hardwareSources: Sources = {
  "SystemInformations.hardware.talos.dev": onMetal((facts) => [{
    id: "systeminformation",
    owner,
    spec: {
      manufacturer: "QEMU",
      productName: "Standard PC (Q35 + ICH9, 2009)",
      version: "pc-q35-9.2",
      uuid: facts.uuid("system"),
      wakeUpType: "Power Switch",
    },
  }]),
  "Processors.hardware.talos.dev": onMetal(() => [{
    id: "CPU-0",
    owner,
    spec: {
      socket: "CPU 0",
      manufacturer: "QEMU",
      productName: "pc-q35-9.2",
      maxSpeedMhz: 2000,
      bootSpeedMhz: 2000,
      status: 65,
      coreCount: 2,
      coreEnabled: 2,
      threadCount: 2,
    },
  }]),
  "MemoryModules.hardware.talos.dev": onMetal(() => [{
    id: "DIMM-0",
    owner,
    spec: { sizeMiB: 2048, deviceLocator: "DIMM 0", manufacturer: "QEMU" },
  }]),
  "PCIDevices.hardware.talos.dev": onMetal(() => pciDevices),
};

const owner = "hardware.SystemInfoController";

const pciDevices: readonly ResourceSeed[] = [
  pciDevice("0000:00:02.0", {
    class: "Network controller",
    subclass: "Ethernet controller",
    product: "Virtio network device",
    class_id: "0x02",
    product_id: "0x1000",
  }),
  pciDevice("0000:00:06.0", {
    class: "Mass storage controller",
    subclass: "SCSI storage controller",
    product: "Virtio block device",
    class_id: "0x01",
    product_id: "0x1001",
  }),
];

function pciDevice(id: string, spec: object): ResourceSeed {
  return {
    id,
    owner: "hardware.PCIDevicesController",
    spec: {
      vendor: "Red Hat, Inc.",
      subclass_id: "0x00",
      vendor_id: "0x1af4",
      driver: "virtio-pci",
      ...spec,
    },
  };
}
