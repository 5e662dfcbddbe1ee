/** Whether a node's clock is right, and by whom; a container has the clock of its host. */

import type { SandboxNode } from "../node.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import { onMetal, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const timeSources: Sources = {
  "TimeStatuses.v1alpha1.talos.dev": ({ node, isMetal }) => {
    const isSynced = isMetal && !settingsOf(node).isTimeSyncDisabled;
    return [{
      id: "node",
      owner: "time.SyncController",
      ...(isMetal ? { version: 2 } : {}),
      spec: { synced: true, epoch: isSynced ? 1 : 0, syncDisabled: !isSynced },
    }];
  },
  "TimeServerStatuses.net.talos.dev": whenConfigured(({ node }) => [{
    id: "timeservers",
    owner: "network.TimeServerSpecController",
    spec: timeServers(node),
  }]),
  "TimeServerSpecs.net.talos.dev": whenConfigured(({ node }) => {
    const { timeServers: given } = settingsOf(node);
    const layer = given.length > 0 ? "configuration" : "default";
    return [
      {
        id: "timeservers",
        owner: "TimeServerMergeControllers.net.talos.dev",
        version: 2,
        finalizers: ["network.TimeServerSpecController"],
        spec: { ...timeServers(node), layer },
      },
      inConfig("default", { ...defaultServers, layer: "default" }),
      ...given.length > 0 ? [inConfig(layer, { ...timeServers(node), layer })] : [],
    ];
  }),
  "AdjtimeStatuses.v1alpha1.talos.dev": onMetal(() => [{
    id: "node",
    owner: "time.AdjtimeStatusController",
    version: 41,
    spec: {
      offset: "-12.581µs",
      frequencyAdjustmentRatio: 1.0000161588134766,
      maxError: "16.5ms",
      estError: "0s",
      status: "STA_PLL | STA_NANO",
      constant: 7,
      syncStatus: true,
      state: "TIME_OK",
    },
  }]),
};

const defaultServers = { timeServers: ["time.cloudflare.com"], useNTS: true };

function timeServers(node: SandboxNode) {
  const { timeServers: given } = settingsOf(node);
  return given.length > 0 ? { timeServers: given, useNTS: false } : defaultServers;
}

function inConfig(layer: string, spec: object): ResourceSeed {
  return {
    id: `${layer}/timeservers`,
    namespace: "network-config",
    owner: "network.TimeServerConfigController",
    spec,
  };
}
