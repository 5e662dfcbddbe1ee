/** Counters of a node: processors and memory as of now, the same figures that its API and its `/proc` give. */

import type { SandboxNode } from "../node.ts";
import { processorTimes, systemCounters, totalTimes } from "../system/load.ts";
import { memoryFigures } from "../system/memory.ts";
import type { Sources } from "./sources.ts";
import { specFields } from "./spec_fields.ts";

const memoryType = "MemoryStats.perf.talos.dev";

/** The sources of this area. */
export const perfSources: Sources = {
  "CPUStats.perf.talos.dev": ({ node, cluster }) => {
    const now = cluster.clock.now();
    const cpu = processorTimes(node, now);
    const counters = systemCounters(node, now);
    return [{
      id: "latest",
      owner,
      version: 11,
      spec: {
        cpu,
        cpuTotal: totalTimes(cpu),
        irqTotal: counters.interrupts,
        contextSwitches: counters.contextSwitches,
        processCreated: counters.processesCreated,
        processRunning: counters.processesRunning,
        processBlocked: counters.processesBlocked,
        softIrqTotal: counters.softInterrupts,
      },
    }];
  },
  [memoryType]: ({ node, cluster }) => [{
    id: "latest",
    owner,
    version: 11,
    spec: memorySpec(node, cluster.clock.now()),
  }],
};

const owner = "perf.StatsController";

/** In KiB, but for counts of pages. What is used is all that is not free: cache is a part of it here. */
function memorySpec(node: SandboxNode, now: Date): Record<string, number> {
  const figures = new Map(
    [...memoryFigures(node, now)].map(([name, figure]) => [specName(name), figure]),
  );
  const figure = (name: string) => figures.get(name) ?? 0;
  return {
    ...Object.fromEntries(
      specFields(memoryType).map(({ key }) => [key, figure(key.toLowerCase())]),
    ),
    total: figure("memtotal"),
    used: figure("memtotal") - figure("memfree"),
    available: figure("memavailable"),
  };
}

/** `Active(anon)` is `activeAnon` there, `Committed_AS` is `commitTedas`: only the letters agree. */
function specName(name: string): string {
  return name.toLowerCase().replaceAll(/[()_]/g, "");
}
