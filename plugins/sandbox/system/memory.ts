/** The memory of a node as `/proc/meminfo` counts it, in KiB: what the processes do not hold is cache or free. */

import type { SandboxNode } from "../node.ts";
import { memoryKiB } from "./hardware.ts";
import { processesOf } from "./processes.ts";

const cachedKiB = 361_204;
const buffersKiB = 3580;
const slabKiB = 92_844;
const leastFreeKiB = 65_536;
const reclaimableSlabKiB = 51_320;

/** Names of the kernel with their figures, in its order. Those with `HugePages_` count pages. */
export function memoryFigures(node: SandboxNode, now: Date): ReadonlyMap<string, number> {
  const residentKiB = processesOf(node, now)
    .reduce((sum, { residentBytes }) => sum + residentBytes / 1024, 0);
  const freeKiB = Math.max(
    leastFreeKiB,
    memoryKiB - residentKiB - cachedKiB - buffersKiB - slabKiB,
  );
  return new Map([
    ["MemTotal", memoryKiB],
    ["MemFree", freeKiB],
    ["MemAvailable", freeKiB + cachedKiB + reclaimableSlabKiB],
    ["Buffers", buffersKiB],
    ["Cached", cachedKiB],
    ["SwapCached", 0],
    ["Active", residentKiB + 52_732],
    ["Inactive", cachedKiB - 52_732],
    ["Active(anon)", residentKiB],
    ["Inactive(anon)", 0],
    ["Active(file)", 52_732],
    ["Inactive(file)", cachedKiB - 52_732],
    ["Unevictable", 12_572],
    ["Mlocked", 11_668],
    ["SwapTotal", 0],
    ["SwapFree", 0],
    ["Dirty", 1296],
    ["Writeback", 0],
    ["AnonPages", residentKiB],
    ["Mapped", 160_372],
    ["Shmem", 10_900],
    ["Slab", slabKiB],
    ["SReclaimable", reclaimableSlabKiB],
    ["SUnreclaim", slabKiB - reclaimableSlabKiB],
    ["KernelStack", 5656],
    ["PageTables", 9556],
    ["NFS_Unstable", 0],
    ["Bounce", 0],
    ["WritebackTmp", 0],
    ["CommitLimit", memoryKiB / 2],
    ["Committed_AS", 3_158_136],
    ["VmallocTotal", 34_359_738_367],
    ["VmallocUsed", 25_596],
    ["VmallocChunk", 0],
    ["HardwareCorrupted", 0],
    ["AnonHugePages", 0],
    ["ShmemHugePages", 0],
    ["ShmemPmdMapped", 0],
    ["CmaTotal", 0],
    ["CmaFree", 0],
    ["HugePages_Total", 0],
    ["HugePages_Free", 0],
    ["HugePages_Rsvd", 0],
    ["HugePages_Surp", 0],
    ["Hugepagesize", 2048],
    ["DirectMap4k", 98_176],
    ["DirectMap2M", 1_998_848],
    ["DirectMap1G", 0],
  ]);
}
