/** Counters of a node: processors and memory as of now. */

import { cpuCount, memoryKiB, uptimeSeconds } from "../system/hardware.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const perfSources: Sources = {
  "CPUStats.perf.talos.dev": (facts) => {
    const uptime = uptimeOf(facts);
    const cpu = Array.from({ length: cpuCount }, (_, index) => processor(uptime, index));
    return [{
      id: "latest",
      owner,
      version: 11,
      spec: {
        cpu,
        cpuTotal: cpu.reduce(addTimes),
        irqTotal: Math.floor(uptime * 410),
        contextSwitches: Math.floor(uptime * 750),
        processCreated: 400 + Math.floor(uptime),
        processRunning: 2,
        softIrqTotal: Math.floor(uptime * 195),
      },
    }];
  },
  "MemoryStats.perf.talos.dev": () => [{ id: "latest", owner, version: 11, spec: memory }],
};

const owner = "perf.StatsController";

function uptimeOf({ node, cluster }: NodeFacts): number {
  return uptimeSeconds(node, cluster.clock.now());
}

/** Shares of the uptime, in seconds; a little different for each processor. */
function processor(uptime: number, index: number): Record<string, number> {
  const share = (part: number) => Math.round(uptime * part * (1 + index / 50) * 100) / 100;
  const busy = { user: share(0.0066), system: share(0.0043), iowait: share(0.0006) };
  const idle = Math.max(
    0,
    Math.round((uptime - busy.user - busy.system - busy.iowait) * 100) / 100,
  );
  return { ...busy, idle, softIrq: share(0.0002), steal: share(0.00003) };
}

function addTimes(one: Record<string, number>, other: Record<string, number>) {
  const sum = (key: string) => Math.round(((one[key] ?? 0) + (other[key] ?? 0)) * 100) / 100;
  return Object.fromEntries(Object.keys(one).map((key) => [key, sum(key)]));
}

/** In KiB. */
const memory = {
  total: memoryKiB,
  used: 1001304,
  available: 1130344,
  buffers: 3580,
  cached: 1033104,
  active: 672840,
  inactive: 982488,
  activeAnon: 620108,
  activeFile: 52732,
  inactiveFile: 982488,
  slab: 92844,
  commitLimit: 1018992,
  vmallocTotal: 34359738367,
  hugepagesize: 2048,
};
