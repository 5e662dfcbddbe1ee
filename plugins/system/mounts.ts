/** `talosctl mounts`: the mounted filesystems of nodes, with their size and use. */

import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command } from "../../core/command.ts";
import { goFixed } from "../../core/output/go_float.ts";

/** One mount that has a size. */
interface MountRecord {
  node: string;
  /** What is mounted: a device, or the kind of a filesystem without one. */
  filesystem: string;
  /** Bytes. */
  size: string;
  /** Bytes. */
  available: string;
  mountedOn: string;
}

export const mounts: Command<MountRecord> = {
  path: ["mounts"],
  aliases: ["mount"],
  summary: "List the mounted filesystems of nodes",
  example: "  talosctl mounts -n 10.5.0.2",
  group: "talos",
  args: { rule: "none" },
  flags: {},
  targets: "many",
  layout: () => ({ columns, flush: "idle" }),
  nameOf: ({ mountedOn }) => mountedOn,

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    yield* perNode(
      machine.mounts({}),
      ({ messages }) => messages.flatMap(({ stats }) => stats).filter(hasSize),
    );
  },
};

/** Such as `/proc` have none: nobody wants to see how full they are. */
function hasSize({ size, available }: { size: string; available: string }): boolean {
  return size !== "0" || available !== "0";
}

// Spec/machine-read.md, 7.
const columns: Column<MountRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "FILESYSTEM", cell: ({ filesystem }) => filesystem },
  { header: "SIZE(GB)", cell: ({ size }) => gigabytes(Number(size)) },
  {
    header: "USED(GB)",
    cell: ({ size, available }) => gigabytes(Number(size) - Number(available)),
  },
  { header: "AVAILABLE(GB)", cell: ({ available }) => gigabytes(Number(available)) },
  {
    header: "PERCENT USED",
    cell: ({ size, available }) => `${goFixed(100 - 100 * (Number(available) / Number(size)), 2)}%`,
  },
  { header: "MOUNTED ON", cell: ({ mountedOn }) => mountedOn },
];

function gigabytes(sizeBytes: number): string {
  return goFixed(sizeBytes * 1e-9, 2);
}
