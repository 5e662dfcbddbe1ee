/** What a node's processors, disks and interfaces have done since boot: steady work, so that all figures follow from the uptime. */

import type { SandboxNode } from "../node.ts";
import {
  type BlockDevice,
  cpuCount,
  disksOf,
  interfacesOf,
  type NetworkInterface,
  uptimeSeconds,
} from "./hardware.ts";
import { processesOf } from "./processes.ts";

/** Seconds that a processor spent. */
export interface ProcessorTimes {
  user: number;
  nice: number;
  system: number;
  idle: number;
  iowait: number;
  irq: number;
  softIrq: number;
  steal: number;
  guest: number;
  guestNice: number;
}

/** The figures of `/proc/stat` beside the processors' times. */
export interface SystemCounters {
  interrupts: number;
  /** By number of the interrupt. */
  interruptsByLine: readonly number[];
  contextSwitches: number;
  processesCreated: number;
  processesRunning: number;
  processesBlocked: number;
  softInterrupts: number;
  /** HI, TIMER, NET_TX, NET_RX, BLOCK, IRQ_POLL, TASKLET, SCHED, HRTIMER, RCU. */
  softInterruptsByKind: readonly number[];
}

/** What a disk or partition has done. */
export interface DiskActivity {
  name: string;
  major: number;
  minor: number;
  readCompleted: number;
  readMerged: number;
  readSectors: number;
  readTimeMs: number;
  writeCompleted: number;
  writeMerged: number;
  writeSectors: number;
  writeTimeMs: number;
  ioTimeMs: number;
  ioTimeWeightedMs: number;
  discardCompleted: number;
  discardSectors: number;
}

/** What went through a network interface. */
export interface NetworkActivity {
  name: string;
  rxBytes: number;
  rxPackets: number;
  rxMulticast: number;
  txBytes: number;
  txPackets: number;
}

/** The kernel counts processor time in hundredths of a second. */
const toHundredths = (seconds: number) => Math.floor(seconds * 100) / 100;

/** Each processor's times. */
export function processorTimes(node: SandboxNode, now: Date): readonly ProcessorTimes[] {
  const uptime = uptimeSeconds(node, now);
  return Array.from({ length: cpuCount }, (_, index) => {
    const user = toHundredths(1.4 + uptime * (0.031 + index * 0.002));
    const system = toHundredths(1.1 + uptime * (0.022 + index * 0.001));
    const iowait = toHundredths(0.3 + uptime * 0.0016);
    const softIrq = toHundredths(uptime * 0.0012);
    const steal = toHundredths(uptime * 0.0001);
    const idle = Math.max(0, toHundredths(uptime - user - system - iowait - softIrq - steal));
    return { user, nice: 0, system, idle, iowait, irq: 0, softIrq, steal, guest: 0, guestNice: 0 };
  });
}

/** All processors together. */
export function totalTimes(times: readonly ProcessorTimes[]): ProcessorTimes {
  const sum = (key: keyof ProcessorTimes) =>
    Math.round(times.reduce((total, one) => total + one[key], 0) * 100) / 100;
  return {
    user: sum("user"),
    nice: sum("nice"),
    system: sum("system"),
    idle: sum("idle"),
    iowait: sum("iowait"),
    irq: sum("irq"),
    softIrq: sum("softIrq"),
    steal: sum("steal"),
    guest: sum("guest"),
    guestNice: sum("guestNice"),
  };
}

/** Counters since boot. */
export function systemCounters(node: SandboxNode, now: Date): SystemCounters {
  const uptime = uptimeSeconds(node, now);
  const perSecond = (rate: number, start = 0) => Math.floor(start + rate * uptime);
  const interruptsByLine = [22, 0, 0, 0, 118, 0, 0, 0, 1, 0, perSecond(41), perSecond(96)];
  const softInterruptsByKind = [0, 160, 1, 44, 12, 0, 2, 150, 0, 118].map((rate) =>
    perSecond(rate)
  );
  return {
    interrupts: interruptsByLine.reduce((sum, count) => sum + count) + perSecond(240),
    interruptsByLine,
    contextSwitches: perSecond(690, 21_000),
    processesCreated: perSecond(0.9, 310),
    processesRunning: 2,
    processesBlocked: 0,
    softInterrupts: softInterruptsByKind.reduce((sum, count) => sum + count),
    softInterruptsByKind,
  };
}

/** Load over 1, 5 and 15 minutes: each comes nearer to the steady load as the node is up. */
export function loadAverages(node: SandboxNode, now: Date): readonly [number, number, number] {
  const uptime = uptimeSeconds(node, now);
  const steady = node.machineType === "controlplane" ? 0.42 : 0.18;
  const after = (minutes: number) =>
    Math.round(steady * (1 - Math.exp(-(uptime + 20) / (minutes * 60))) * 100) / 100;
  return [after(1), after(5), after(15)];
}

/** Processes there are, and the PID given last. */
export function processCounts(node: SandboxNode, now: Date): { count: number; lastPid: number } {
  const processes = processesOf(node, now);
  return { count: processes.length, lastPid: processes.at(-1)?.pid ?? 1 };
}

/** Disks and their partitions. */
export function diskActivity(node: SandboxNode, now: Date): readonly DiskActivity[] {
  const uptime = uptimeSeconds(node, now);
  return disksOf(node).flatMap((disk) => [
    activityOf(disk, disk.isSystemDisk ? uptime : 0),
    ...disk.partitions.map((part) => activityOf(part, part.name === "vda4" ? uptime * 0.98 : 0)),
  ]);
}

/** Interfaces in the order of the kernel. */
export function networkActivity(node: SandboxNode, now: Date): readonly NetworkActivity[] {
  const uptime = uptimeSeconds(node, now);
  return interfacesOf(node).map((link) => trafficOf(link, link.isUp ? uptime : 0));
}

function activityOf({ name, major, minor }: BlockDevice, seconds: number): DiskActivity {
  const perSecond = (rate: number) => Math.floor(rate * seconds);
  const start = seconds > 0 ? 1 : 0;
  return {
    name,
    major,
    minor,
    readCompleted: start * 5210 + perSecond(0.4),
    readMerged: start * 310,
    readSectors: start * 402_113 + perSecond(9),
    readTimeMs: start * 2310 + perSecond(0.3),
    writeCompleted: start * 830 + perSecond(6.2),
    writeMerged: perSecond(2.1),
    writeSectors: start * 71_004 + perSecond(118),
    writeTimeMs: start * 640 + perSecond(7.9),
    ioTimeMs: start * 1840 + perSecond(8.8),
    ioTimeWeightedMs: start * 2950 + perSecond(8.2),
    discardCompleted: 0,
    discardSectors: 0,
  };
}

function trafficOf({ name }: NetworkInterface, seconds: number): NetworkActivity {
  const rate = name === "lo" ? 3 : name === "eth0" ? 1 : 0.2;
  const perSecond = (count: number) => Math.floor(count * rate * seconds);
  const isLoopback = name === "lo";
  return {
    name,
    rxBytes: perSecond(5210),
    rxPackets: perSecond(24),
    rxMulticast: isLoopback ? 0 : perSecond(0.05),
    // What goes out of the loopback comes in there.
    txBytes: perSecond(isLoopback ? 5210 : 6890),
    txPackets: perSecond(isLoopback ? 24 : 22),
  };
}
