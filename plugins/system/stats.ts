/** `talosctl stats`: what containers use of memory and processors. */

import { containerFlags, containerSource } from "../../core/client/container_source.ts";
import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command } from "../../core/command.ts";
import { goFixed } from "../../core/output/go_float.ts";
import { containerIdCell, sortById } from "./container_rows.ts";

/** The use of one container. */
interface StatRecord {
  node: string;
  namespace: string;
  id: string;
  /** Bytes. */
  memoryUsage: string;
  /** Nanoseconds of processor time since it was started. */
  cpuUsage: string;
  podId: string;
  name: string;
}

export const stats: Command<StatRecord, typeof containerFlags> = {
  path: ["stats"],
  summary: "Show what containers use of CPU and memory",
  description: `Shows memory and the CPU time, in nanoseconds since its start, of each container
of Talos, or with -k of Kubernetes.`,
  example: `  talosctl stats -n 10.5.0.2
  talosctl stats -n 10.5.0.2 -k`,
  group: "talos",
  args: { rule: "none" },
  flags: containerFlags,
  targets: "many",
  layout: () => ({ columns, flush: "idle" }),

  async *run({ flags, nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    const answers = machine.stats(containerSource(flags));
    yield* perNode(
      answers,
      ({ messages }) => messages.flatMap((message) => sortById(message.stats)),
    );
  },
};

// Spec/machine-read.md, 4.
const columns: Column<StatRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "NAMESPACE", cell: ({ namespace }) => namespace },
  { header: "ID", cell: containerIdCell },
  { header: "MEMORY(MB)", cell: ({ memoryUsage }) => goFixed(Number(memoryUsage) * 1e-6, 2) },
  { header: "CPU", cell: ({ cpuUsage }) => cpuUsage },
];
