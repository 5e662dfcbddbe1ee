/** `talosctl processes`: the processes of nodes, the largest or the busiest first. */

import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command, Flags } from "../../core/command.ts";
import { goFixed } from "../../core/output/go_float.ts";
import { formatBytes } from "../../core/output/sizes.ts";
import type { ProcessInfo } from "../../proto/gen/machine/machine.ts";

/** One process. */
interface ProcessRecord {
  node: string;
  pid: number;
  ppid: number;
  /** One letter: `S` sleeps, `R` runs, and so on. */
  state: string;
  threads: number;
  /** Seconds of processor time since it was started. */
  cpuTime: number;
  /** Bytes. */
  virtualMemory: string;
  /** Bytes. */
  residentMemory: string;
  /** The name the kernel knows it by. */
  command: string;
  /** The path of its program; empty for threads of the kernel. */
  executable: string;
  args: string;
  /** Its SELinux label, or empty. */
  label: string;
}

const flags = {
  sort: {
    type: "string",
    short: "s",
    help: "Order: rss (memory) or cpu (time used)",
    default: "rss",
  },
} as const satisfies Flags;

export const processes: Command<ProcessRecord, typeof flags> = {
  path: ["processes"],
  aliases: ["p", "ps"],
  summary: "List the processes of nodes",
  example: `  talosctl processes -n 10.5.0.2
  talosctl processes -n 10.5.0.2 --sort cpu`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  layout: () => ({ columns, flush: "idle" }),
  nameOf: ({ pid }) => String(pid),

  async *run({ flags, nodes, talos }) {
    const compare = flags.sort === "cpu" ? compareCpuTime : compareResidentMemory;
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    yield* perNode(
      machine.processes({}),
      ({ messages }) => messages.flatMap((message) => message.processes.toSorted(compare)),
    );
  },
};

function compareCpuTime(left: ProcessInfo, right: ProcessInfo): number {
  return right.cpuTime - left.cpuTime;
}

/** Any other order than `cpu` means this one, as with the official client. */
function compareResidentMemory(left: ProcessInfo, right: ProcessInfo): number {
  return Number(BigInt(right.residentMemory) - BigInt(left.residentMemory));
}

// Spec/machine-read.md, 5.
const columns: Column<ProcessRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "PID", cell: ({ pid }) => String(pid) },
  { header: "STATE", cell: ({ state }) => state },
  { header: "THREADS", cell: ({ threads }) => String(threads) },
  { header: "CPU-TIME", cell: ({ cpuTime }) => goFixed(cpuTime, 2) },
  { header: "VIRTMEM", cell: ({ virtualMemory }) => formatBytes(virtualMemory) },
  { header: "RESMEM", cell: ({ residentMemory }) => formatBytes(residentMemory) },
  { header: "LABEL", cell: ({ label }) => label },
  { header: "COMMAND", cell: (process) => commandLine(process).replace(/[^ -~]/gu, " ") },
];

/** The command line with the whole path of the program, where its first word is the program's name. */
function commandLine({ command, executable, args }: ProcessRecord): string {
  if (executable === "") return command;
  if (args === "") return args;
  const [argument = ""] = words(args);
  const [program = ""] = words(executable);
  return argument === baseName(program) ? args.replace(argument, () => executable) : args;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) ?? "";
}
