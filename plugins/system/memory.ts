/** `talosctl memory`: how nodes use their memory. */

import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command, Flags } from "../../core/command.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import type { MemInfo } from "../../proto/gen/machine/machine.ts";

/** The kernel's counters of one node: bytes, where it does not count pages. */
type MemoryRecord = { node: string } & MemInfo;

const flags = {
  ...insecureFlags,
  verbose: { type: "bool", short: "v", help: "Print all counters of the kernel" },
} as const satisfies Flags;

export const memory: Command<MemoryRecord, typeof flags> = {
  path: ["memory"],
  aliases: ["m", "free"],
  summary: "Show how the memory of nodes is used",
  description: `Prints total, used, free, shared, buffered, cached and available memory of each
node, in MiB.`,
  example: `  talosctl memory -n 10.5.0.2
  talosctl memory -n 10.5.0.2 --verbose`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  layout: ({ flags }) => flags.verbose ? { text: allCounters } : { columns, flush: "idle" },

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    const { MemInfo } = await import("../../proto/gen/machine/machine.ts");
    yield* perNode(
      machine.memory({}),
      ({ messages }) => messages.map(({ meminfo }) => inBytes(meminfo ?? MemInfo.fromPartial({}))),
    );
  },
};

/** The labels of all counters in their order; their fields are the same in lower case (spec/machine-read.md, 6). */
const labels =
  `MemTotal MemFree MemAvailable Buffers Cached SwapCached Active Inactive ActiveAnon InactiveAnon
  ActiveFile InactiveFile Unevictable Mlocked SwapTotal SwapFree Dirty Writeback AnonPages Mapped Shmem Slab
  SReclaimable SUnreclaim KernelStack PageTables NFSUnstable Bounce WritebackTmp CommitLimit CommittedAS
  VmallocTotal VmallocUsed VmallocChunk HardwareCorrupted AnonHugePages ShmemHugePages ShmemPmdMapped CmaTotal
  CmaFree HugePagesTotal HugePagesFree HugePagesRsvd HugePagesSurp Hugepagesize DirectMap4k DirectMap2M
  DirectMap1G`.split(/\s+/);

const pageCounters: ReadonlySet<string> = new Set([
  "hugepagestotal",
  "hugepagesfree",
  "hugepagesrsvd",
  "hugepagessurp",
]);

/** Nodes send what `/proc/meminfo` says: kB, which there means 1024 bytes. */
function inBytes(meminfo: MemInfo): MemInfo {
  const fields = Object.entries(meminfo).map(([field, value]) => [
    field,
    pageCounters.has(field) ? value : String(BigInt(value) * 1024n),
  ]);
  return Object.fromEntries(fields);
}

function allCounters(record: MemoryRecord): string {
  const lines = labels.map((label) => {
    const field = label.toLowerCase();
    const value = BigInt(record[field as keyof MemInfo]);
    return pageCounters.has(field) ? `${label}: ${value}\n` : `${label}: ${value / 1024n} kB\n`;
  });
  return `NODE: ${record.node}\n${lines.join("")}`;
}

const columns: Column<MemoryRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "TOTAL", cell: ({ memtotal }) => mebibytes(BigInt(memtotal)) },
  { header: "USED", cell: (record) => mebibytes(usedBytes(record)) },
  { header: "FREE", cell: ({ memfree }) => mebibytes(BigInt(memfree)) },
  { header: "SHARED", cell: ({ shmem }) => mebibytes(BigInt(shmem)) },
  { header: "BUFFERS", cell: ({ buffers }) => mebibytes(BigInt(buffers)) },
  { header: "CACHE", cell: ({ cached }) => mebibytes(BigInt(cached)) },
  { header: "AVAILABLE", cell: ({ memavailable }) => mebibytes(BigInt(memavailable)) },
];

function usedBytes({ memtotal, memfree, cached, buffers }: MemInfo): bigint {
  return BigInt(memtotal) - BigInt(memfree) - BigInt(cached) - BigInt(buffers);
}

/** Whole ones, cut off; the official client counts kB in 64 bits without a sign. */
function mebibytes(sizeBytes: bigint): string {
  return String(BigInt.asUintN(64, sizeBytes / 1024n) / 1024n);
}
