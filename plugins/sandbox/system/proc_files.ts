/** `/proc` of a node: its processes, and the figures that its other answers come from. */

import type { SandboxNode } from "../node.ts";
import type { Entries, FileMaker } from "./file_maker.ts";
import type { FileNode } from "./file_tree.ts";
import { cpuCount, pageBytes, uptimeSeconds } from "./hardware.ts";
import { kernelCommandLine, kernelRelease } from "./kernel_log.ts";
import {
  diskActivity,
  loadAverages,
  networkActivity,
  processCounts,
  type ProcessorTimes,
  processorTimes,
  systemCounters,
  totalTimes,
} from "./load.ts";
import { memoryFigures } from "./memory.ts";
import { mountsOf } from "./mounts.ts";
import { processesOf, type SystemProcess } from "./processes.ts";
import { processorFields } from "./processor.ts";

/** A node at a moment. */
export interface ProcMakers {
  node: SandboxNode;
  now: Date;
  proc: FileMaker;
}

/** What is in `/proc`. */
export function procFiles({ node, now, proc }: ProcMakers): Entries {
  const { directory, file, link } = proc;
  const ofProcesses = processesOf(node, now)
    .map((process) => [String(process.pid), processDirectory(process, proc)] as const);
  const sysFiles = directory({
    kernel: directory({
      hostname: file(() => `${node.hostname}\n`),
      osrelease: file(() => `${kernelRelease}\n`),
      random: directory({ boot_id: file(() => `${node.bootId}\n`) }),
    }),
  });
  return {
    ...Object.fromEntries(ofProcesses),
    bus: directory({ pci: directory({ devices: file(() => "") }) }),
    cmdline: file(() => `${kernelCommandLine}\n`),
    cpuinfo: file(() => cpuInfo()),
    diskstats: file(() => diskStats(node, now)),
    loadavg: file(() => loadAverage(node, now)),
    meminfo: file(() => memoryInfo(node, now)),
    mounts: link("self/mounts"),
    net: link("self/net"),
    self: link("1"),
    stat: file(() => systemStat(node, now)),
    sys: sysFiles,
    uptime: file(() => {
      const uptime = uptimeSeconds(node, now);
      return `${uptime.toFixed(2)} ${totalTimes(processorTimes(node, now)).idle.toFixed(2)}\n`;
    }),
    version: file(() => `Linux version ${kernelRelease} (talos@sandbox) #1 SMP PREEMPT_DYNAMIC\n`),
  };

  function processDirectory(
    process: SystemProcess,
    { directory, file, link }: FileMaker,
  ): FileNode {
    return directory({
      attr: directory({ current: file(() => `${process.label}\0`) }),
      cgroup: file(() => `0::${process.cgroup}\n`),
      cmdline: file(() => process.arguments.map((word) => `${word}\0`).join("")),
      comm: file(() => `${process.command}\n`),
      exe: link(process.executable),
      mounts: file(() => mountLines(node)),
      net: directory({ dev: file(() => networkDevices(node, now)) }),
      stat: file(() => processStat(process)),
      statm: file(() =>
        `${process.virtualBytes / pageBytes} ${process.residentBytes / pageBytes} 0 0 0 0 0\n`
      ),
    }, { permissions: 0o555 });
  }
}

/** Fields 1 to 24 of `/proc/<pid>/stat`. */
function processStat(process: SystemProcess): string {
  const { pid, command, state, parentPid, threads, cpuSeconds, virtualBytes, residentBytes } =
    process;
  const ticks = Math.round(cpuSeconds * 100);
  const userTicks = Math.ceil(ticks / 2);
  return [
    ...[pid, `(${command})`, state, parentPid, pid, pid, 0, -1, 4194560, 0, 0, 0, 0],
    ...[userTicks, ticks - userTicks, 0, 0, 20, 0, threads, 0, 100, virtualBytes],
    residentBytes / pageBytes,
  ].join(" ") + "\n";
}

function memoryInfo(node: SandboxNode, now: Date): string {
  return [...memoryFigures(node, now)].map(([name, figure]) => {
    const unit = name.startsWith("HugePages_") ? "" : " kB";
    return `${`${name}:`.padEnd(16)}${String(figure).padStart(8)}${unit}\n`;
  }).join("");
}

function loadAverage(node: SandboxNode, now: Date): string {
  const loads = loadAverages(node, now).map((load) => load.toFixed(2)).join(" ");
  const { count, lastPid } = processCounts(node, now);
  return `${loads} ${systemCounters(node, now).processesRunning}/${count} ${lastPid}\n`;
}

function cpuInfo(): string {
  return Array.from(
    { length: cpuCount },
    (_, index) =>
      processorFields(index).map(([name, value]) => `${name.padEnd(16)}: ${value}\n`).join("") +
      "\n",
  )
    .join("");
}

function systemStat(node: SandboxNode, now: Date): string {
  const times = processorTimes(node, now);
  const counters = systemCounters(node, now);
  const line = (name: string, time: ProcessorTimes) => {
    const { user, nice, system, idle, iowait, irq, softIrq, steal, guest, guestNice } = time;
    const ticks = [user, nice, system, idle, iowait, irq, softIrq, steal, guest, guestNice]
      .map((seconds) => Math.round(seconds * 100));
    return `${name} ${ticks.join(" ")}\n`;
  };
  return line("cpu ", totalTimes(times)) +
    times.map((time, index) => line(`cpu${index}`, time)).join("") +
    `intr ${counters.interrupts} ${counters.interruptsByLine.join(" ")}\n` +
    `ctxt ${counters.contextSwitches}\n` +
    `btime ${Math.floor(node.bootedAt.getTime() / 1000)}\n` +
    `processes ${counters.processesCreated}\n` +
    `procs_running ${counters.processesRunning}\n` +
    `procs_blocked ${counters.processesBlocked}\n` +
    `softirq ${counters.softInterrupts} ${counters.softInterruptsByKind.join(" ")}\n`;
}

function diskStats(node: SandboxNode, now: Date): string {
  return diskActivity(node, now).map((disk) =>
    [
      ...[disk.major, disk.minor, disk.name, disk.readCompleted, disk.readMerged],
      ...[disk.readSectors, disk.readTimeMs, disk.writeCompleted, disk.writeMerged],
      ...[disk.writeSectors, disk.writeTimeMs, 0, disk.ioTimeMs, disk.ioTimeWeightedMs],
      ...[disk.discardCompleted, 0, disk.discardSectors, 0],
    ].join(" ") + "\n"
  ).join("");
}

function networkDevices(node: SandboxNode, now: Date): string {
  const head = "Inter-|   Receive                          |  Transmit\n" +
    " face |bytes packets errs drop fifo frame compressed multicast|" +
    "bytes packets errs drop fifo colls carrier compressed\n";
  return head +
    networkActivity(node, now).map((link) =>
      `${link.name.padStart(6)}: ${link.rxBytes} ${link.rxPackets} 0 0 0 0 0 ${link.rxMulticast} ` +
      `${link.txBytes} ${link.txPackets} 0 0 0 0 0 0\n`
    ).join("");
}

function mountLines(node: SandboxNode): string {
  return mountsOf(node).map(({ source, target, type, options }) =>
    `${source} ${target} ${type} ${options} 0 0\n`
  ).join("");
}
