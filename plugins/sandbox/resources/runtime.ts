/** What runs on a node and how it was started: versions, kernel, modules, extensions, API service. */

import { parseDuration } from "../../../core/flags/duration.ts";
import { formatDuration } from "../../../core/output/durations.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import { onMetal, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const runtimeSources: Sources = {
  "Versions.runtime.talos.dev": ({ node: { version } }) => [{
    id: "version",
    owner: "runtime.VersionController",
    spec: { name: "Talos", version: version.tag },
  }],
  "BootIDs.runtime.talos.dev": ({ node: { bootId } }) => [{
    id: "boot-id",
    owner: "runtime.BootIDController",
    spec: { bootID: bootId },
  }],
  "SecurityStates.talos.dev": ({ isMetal }) => [{
    id: "securitystate",
    owner: "runtime.SecurityStateController",
    spec: isMetal
      ? { selinuxState: "enabled, permissive", bootedWithUKI: true, moduleSignatureEnforced: true }
      : {},
  }],
  "Environments.runtime.talos.dev": ({ node, isMetal }) => [{
    id: "machined",
    owner: "runtime.EnvironmentController",
    spec: {
      variables: [
        "PATH=/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/cni/bin",
        ...isMetal ? ["PLATFORM=metal"] : ["PLATFORM=container", "TALOSSKU=2CPU-2048RAM"],
        ...Object.entries(settingsOf(node).environment).map(([name, value]) => `${name}=${value}`),
      ],
    },
  }],
  "APIServiceConfigs.runtime.talos.dev": whenConfigured(() => [{
    id: "apid",
    owner: "runtime.APIServiceConfigController",
    spec: { listenAddress: ":50000" },
  }]),
  "MaintenanceServiceConfigs.runtime.talos.dev": ({ address }) => [{
    id: "maintenance",
    owner: "runtime.MaintenanceConfigController",
    version: 2,
    spec: { listenAddress: ":50000", reachableAddresses: [address] },
  }],
  "KernelCmdlines.runtime.talos.dev": onMetal(() => [{
    id: "cmdline",
    owner: "runtime.KernelCmdlineController",
    spec: {
      cmdline: "talos.platform=metal console=ttyS0 init_on_alloc=1 slab_nomerge pti=on selinux=1",
    },
  }]),
  "KernelModuleStatuses.runtime.talos.dev": onMetal(() =>
    kernelModules.map(([id, size, referenceCount]) => ({
      id,
      owner: "runtime.KernelModuleStatusController",
      spec: { type: "dynamic", size, referenceCount, state: "live", address: "0x0000000000000000" },
    }))
  ),
  "ExtensionStatuses.runtime.talos.dev": onMetal(() => extensions),
  "SBOMItems.talos.dev": ({ node: { version } }) => {
    const number = version.tag.replace(/^v/, "");
    return [{
      id: "Talos",
      owner: "runtime.SBOMItemController",
      spec: {
        name: "Talos",
        version: version.tag,
        license: "MPL-2.0",
        cpes: [`cpe:2.3:o:siderolabs:talos_linux:${number}:*:*:*:*:*:*:*`],
      },
    }];
  },
  "UniqueMachineTokens.runtime.talos.dev": onMetal(() => [{
    id: "unique-machine-token",
    owner: "runtime.UniqueMachineTokenController",
    spec: {},
  }]),
  "MetaKeys.runtime.talos.dev": ({ node: { disk: { meta } } }) =>
    [...meta].map(([key, value]) => ({
      id: `0x${key.toString(16).padStart(2, "0")}`,
      spec: { value },
    })),
  "WatchdogTimerStatuses.runtime.talos.dev": onMetal(({ node }) => {
    const { watchdog } = settingsOf(node);
    if (watchdog === undefined) return [];
    // It is fed three times before it would bite.
    const feedInterval = formatDuration(parseDuration(watchdog.timeout) / 3);
    return [{
      id: "timer",
      owner: "runtime.WatchdogTimerController",
      spec: { ...watchdog, feedInterval },
    }];
  }),
};

/** Name, size, users. */
const kernelModules: readonly [string, number, number][] = [
  ["br_netfilter", 36864, 0],
  ["bridge", 425984, 1],
  ["llc", 20480, 2],
  ["stp", 16384, 1],
  ["virtio_net", 106496, 0],
  ["vxlan", 155648, 0],
];

/** The schematic stands among the extensions as a virtual one; this is the one of no customization. */
const extensions: readonly ResourceSeed[] = [{
  id: "0",
  owner: "runtime.ExtensionStatusController",
  spec: {
    image: "000.sqsh",
    metadata: {
      name: "schematic",
      version: "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
      author: "Image Factory",
      description:
        "Virtual extension which specifies the schematic of the image built with Image Factory.",
      compatibility: { talos: {} },
      extraInfo: "customization: {}\n",
    },
  },
}];
