/** `/sys/fs/cgroup` of a node: a group for each service and container, its figures summed from its processes. */

import type { SandboxNode } from "../node.ts";
import type { Entries, FileMaker } from "./file_maker.ts";
import { cpuCount, uptimeSeconds } from "./hardware.ts";
import { processesOf, type SystemProcess } from "./processes.ts";

/** A node at a moment. */
export interface CgroupMakers {
  node: SandboxNode;
  now: Date;
  cgroups: FileMaker;
}

interface Group {
  path: string;
  processes: SystemProcess[];
  below: Map<string, Group>;
}

/** Groups there are without any process. */
const standing = ["/init", "/podruntime/runtime", "/podruntime/shim", "/system/runtime"];
const mebibyte = 1024 * 1024;
/** Guaranteed and preferred memory of the groups that Talos protects. */
const protectedMemory: Readonly<Record<string, readonly [minBytes: number, lowBytes: number]>> = {
  "/init": [96 * mebibyte, 192 * mebibyte],
  "/system": [96 * mebibyte, 192 * mebibyte],
  "/podruntime": [192 * mebibyte, 384 * mebibyte],
};

/** What is in `/sys/fs/cgroup`. */
export function cgroupFiles({ node, now, cgroups }: CgroupMakers): Entries {
  const root: Group = { path: "", processes: [], below: new Map() };
  const isContainer = node.platform === "container";
  for (
    const path of isContainer
      ? standing
      : [...standing, "/kubepods/besteffort", "/kubepods/burstable"]
  ) {
    groupAt(root, path);
  }
  for (const process of processesOf(node, now)) {
    groupAt(root, process.cgroup).processes.push(process);
  }

  const entries = (group: Group): Entries => ({
    // A container sees its groups without the controllers, as the root of a machine.
    ...commonFiles(group, { node, now, cgroups }),
    ...(isContainer || group === root ? {} : controllerFiles(group, cgroups)),
    ...Object.fromEntries(
      [...group.below].map(([name, below]) => [name, cgroups.directory(() => entries(below))]),
    ),
  });
  return entries(root);
}

function groupAt(root: Group, path: string): Group {
  let current = root;
  for (const name of path.split("/").slice(1)) {
    const next = current.below.get(name) ??
      { path: `${current.path}/${name}`, processes: [], below: new Map() };
    current.below.set(name, next);
    current = next;
  }
  return current;
}

function everyProcess(group: Group): readonly SystemProcess[] {
  return [...group.processes, ...[...group.below.values()].flatMap(everyProcess)];
}

function commonFiles(group: Group, { node, now, cgroups: { file } }: CgroupMakers): Entries {
  const processes = everyProcess(group);
  const usageUs = Math.round(processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) * 1e6);
  const userUs = Math.round(usageUs * 0.6);
  const uptime = uptimeSeconds(node, now);
  const pressure = (share: number) => () => {
    const totalUs = Math.floor(uptime * share * 1000 * processes.length);
    return ["some", "full"].map((kind) =>
      `${kind} avg10=0.00 avg60=0.00 avg300=0.00 total=${totalUs}\n`
    ).join("");
  };
  return {
    "cgroup.controllers": file(() => "cpuset cpu io memory hugetlb pids\n"),
    "cgroup.procs": file(() => group.processes.map(({ pid }) => `${pid}\n`).join("")),
    "cgroup.stat": file(() => `nr_descendants ${descendants(group)}\nnr_dying_descendants 0\n`),
    "cgroup.threads": file(() =>
      group.processes.flatMap(({ pid, threads }) =>
        Array.from({ length: threads }, (_, index) => `${pid + index}\n`)
      ).join("")
    ),
    "cpu.pressure": file(pressure(0.4)),
    "cpu.stat": file(() =>
      `usage_usec ${usageUs}\nuser_usec ${userUs}\nsystem_usec ${usageUs - userUs}\n`
    ),
    "io.pressure": file(pressure(0.2)),
    "memory.pressure": file(pressure(0)),
  };
}

function controllerFiles(group: Group, { file }: FileMaker): Entries {
  const processes = everyProcess(group);
  const sum = (key: "residentBytes" | "threads") =>
    processes.reduce((total, process) => total + process[key], 0);
  const usedBytes = sum("residentBytes");
  const threads = sum("threads");
  const [minBytes, lowBytes] = protectedMemory[group.path] ?? [0, 0];
  const lines = (text: string) => file(() => `${text}\n`);
  const allCpus = `0-${cpuCount - 1}`;
  return {
    "cgroup.events": lines(`populated ${processes.length > 0 ? 1 : 0}\nfrozen 0`),
    "cgroup.freeze": lines("0"),
    "cpu.idle": lines("0"),
    "cpu.max": lines("max 100000"),
    "cpu.max.burst": lines("0"),
    "cpu.weight": lines(group.path === "/kubepods" ? "59" : "100"),
    "cpu.weight.nice": lines("0"),
    "cpuset.cpus": lines(""),
    "cpuset.cpus.effective": lines(allCpus),
    "cpuset.mems": lines(""),
    "cpuset.mems.effective": lines("0"),
    "io.max": file(() => ""),
    "io.stat": lines(ioStat(processes.length)),
    "memory.current": lines(String(usedBytes)),
    "memory.events": lines("low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0"),
    "memory.high": lines("max"),
    "memory.low": lines(String(lowBytes)),
    "memory.max": lines("max"),
    "memory.min": lines(String(minBytes)),
    "memory.oom.group": lines("0"),
    "memory.peak": lines(String(Math.round(usedBytes * 1.25))),
    "memory.stat": lines(`anon ${usedBytes}\nfile 0\nkernel 0\nslab 0\nsock 0\nshmem 0`),
    "memory.swap.current": lines("0"),
    "memory.swap.high": lines("max"),
    "memory.swap.max": lines("max"),
    "memory.swap.peak": lines("0"),
    "memory.zswap.current": lines("0"),
    "memory.zswap.max": lines("max"),
    "memory.zswap.writeback": lines("1"),
    "pids.current": lines(String(threads)),
    "pids.max": lines("max"),
    "pids.peak": lines(String(threads + 2)),
  };
}

function ioStat(processCount: number): string {
  const bytes = processCount * 1_835_008;
  return `253:0 rbytes=${bytes} wbytes=${bytes / 2} rios=${processCount * 112} ` +
    `wios=${processCount * 61} dbytes=0 dios=0`;
}

function descendants(group: Group): number {
  return [...group.below.values()].reduce((sum, below) => sum + 1 + descendants(below), 0);
}
