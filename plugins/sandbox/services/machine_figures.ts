/** MachineService: the figures of a node's memory, processors, disks and interfaces (spec/machine-read.md, 6 and 25). */

import type { MemInfo } from "../../../proto/gen/machine/machine.ts";
import type { DeepPartial } from "../../../core/client/talos.ts";
import { implement } from "../service_group.ts";
import { cpuCount, cpuMhz } from "../system/hardware.ts";
import {
  type DiskActivity,
  diskActivity,
  loadAverages,
  type NetworkActivity,
  networkActivity,
  processorTimes,
  systemCounters,
  totalTimes,
} from "../system/load.ts";
import { memoryFigures } from "../system/memory.ts";
import { processorFields } from "../system/processor.ts";

export const machineFigures = implement("machine.MachineService", {
  hostname: (_request, { node }) => ({ messages: [{ hostname: node.hostname }] }),

  memory: (_request, { cluster, node }) => {
    const figures = [...memoryFigures(node, cluster.clock.now())]
      .map(([name, figure]) => [fieldName(name), String(figure)] as const);
    // The fields are the kernel's names, which the figures have.
    const meminfo: DeepPartial<MemInfo> = Object.fromEntries(figures);
    return { messages: [{ meminfo }] };
  },

  loadAvg: (_request, { cluster, node }) => {
    const [load1, load5, load15] = loadAverages(node, cluster.clock.now());
    return { messages: [{ load1, load5, load15 }] };
  },

  systemStat: (_request, { cluster, node }) => {
    const now = cluster.clock.now();
    const times = processorTimes(node, now);
    const counters = systemCounters(node, now);
    const [hi, timer, netTx, netRx, block, blockIoPoll, tasklet, sched, hrtimer, rcu] = counters
      .softInterruptsByKind.map(String);
    return {
      messages: [{
        bootTime: String(Math.floor(node.bootedAt.getTime() / 1000)),
        cpuTotal: totalTimes(times),
        cpu: [...times],
        irqTotal: String(counters.interrupts),
        irq: counters.interruptsByLine.map(String),
        contextSwitches: String(counters.contextSwitches),
        processCreated: String(counters.processesCreated),
        processRunning: String(counters.processesRunning),
        processBlocked: String(counters.processesBlocked),
        softIrqTotal: String(counters.softInterrupts),
        softIrq: {
          hi,
          timer,
          netTx,
          netRx,
          block,
          blockIoPoll,
          tasklet,
          sched,
          hrtimer,
          rcu,
        },
      }],
    };
  },

  cPUInfo: () => ({
    messages: [{ cpuInfo: Array.from({ length: cpuCount }, (_, index) => cpuInfo(index)) }],
  }),

  cPUFreqStats: () => ({
    messages: [{
      cpuFreqStats: Array.from({ length: cpuCount }, () => ({
        currentFrequency: String(cpuMhz * 1000),
        minimumFrequency: "800000",
        maximumFrequency: String(cpuMhz * 1000),
        governor: "performance",
      })),
    }],
  }),

  networkDeviceStats: (_request, { cluster, node }) => {
    const devices = networkActivity(node, cluster.clock.now());
    const sum = (key: Exclude<keyof NetworkActivity, "name">) =>
      devices.reduce((total, device) => total + device[key], 0);
    const total = {
      name: "",
      rxBytes: sum("rxBytes"),
      rxPackets: sum("rxPackets"),
      rxMulticast: sum("rxMulticast"),
      txBytes: sum("txBytes"),
      txPackets: sum("txPackets"),
    };
    return { messages: [{ total: netDev(total), devices: devices.map(netDev) }] };
  },

  diskStats: (_request, { cluster, node }) => {
    const devices = diskActivity(node, cluster.clock.now());
    const sum = (key: Exclude<keyof DiskActivity, "name">) =>
      devices.reduce((total, device) => total + device[key], 0);
    const total = {
      name: "",
      major: 0,
      minor: 0,
      readCompleted: sum("readCompleted"),
      readMerged: sum("readMerged"),
      readSectors: sum("readSectors"),
      readTimeMs: sum("readTimeMs"),
      writeCompleted: sum("writeCompleted"),
      writeMerged: sum("writeMerged"),
      writeSectors: sum("writeSectors"),
      writeTimeMs: sum("writeTimeMs"),
      ioTimeMs: sum("ioTimeMs"),
      ioTimeWeightedMs: sum("ioTimeWeightedMs"),
      discardCompleted: sum("discardCompleted"),
      discardSectors: sum("discardSectors"),
    };
    return { messages: [{ total: diskStat(total), devices: devices.map(diskStat) }] };
  },
});

/** `Active(anon)` is `activeanon`, `NFS_Unstable` is `nfsunstable`. */
function fieldName(name: string): string {
  return name.toLowerCase().replaceAll(/[()_]/g, "");
}

function netDev({ name, ...counts }: NetworkActivity) {
  return { name, ...asTexts(counts) };
}

function diskStat({ name, major: _major, minor: _minor, ...counts }: DiskActivity) {
  return { name, ...asTexts(counts) };
}

function asTexts<K extends string>(counts: Readonly<Record<K, number>>): Record<K, string> {
  return Object.fromEntries(
    Object.entries(counts).map(([key, count]) => [key, String(count)]),
  ) as Record<K, string>;
}

function cpuInfo(index: number) {
  const fields = new Map(processorFields(index));
  const text = (name: string) => fields.get(name) ?? "";
  const number = (name: string) => Number(text(name));
  return {
    processor: index,
    vendorId: text("vendor_id"),
    cpuFamily: text("cpu family"),
    model: text("model"),
    modelName: text("model name"),
    stepping: text("stepping"),
    microcode: text("microcode"),
    cpuMhz: number("cpu MHz"),
    cacheSize: text("cache size"),
    physicalId: text("physical id"),
    siblings: number("siblings"),
    coreId: text("core id"),
    cpuCores: number("cpu cores"),
    apicId: text("apicid"),
    initialApicId: text("initial apicid"),
    fpu: text("fpu"),
    fpuException: text("fpu_exception"),
    cpuIdLevel: number("cpuid level"),
    wp: text("wp"),
    flags: text("flags").split(" "),
    bugs: text("bugs").split(" "),
    bogoMips: number("bogomips"),
    clFlushSize: number("clflush size"),
    cacheAlignment: number("cache_alignment"),
    addressSizes: text("address sizes"),
    powerManagement: text("power management"),
  };
}
