/** Whether a node's clock is right; a container has the clock of its host. */

import { onMetal, type Sources } from "./sources.ts";

/** The sources of this area. */
export const timeSources: Sources = {
  "TimeStatuses.v1alpha1.talos.dev": ({ isMetal }) => [{
    id: "node",
    owner: "time.SyncController",
    ...(isMetal ? { version: 2 } : {}),
    spec: { synced: true, epoch: isMetal ? 1 : 0, syncDisabled: !isMetal },
  }],
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
