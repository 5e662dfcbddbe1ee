/** `talosctl usage`: how much space files and folders of the nodes take. */

import type { Column, Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { formatBytes } from "../../core/output/sizes.ts";

/** One file, or a folder with all below it, on one node. */
interface UsageRecord {
  node: string;
  /** The whole path. */
  name: string;
  /** The path below the measured one, which is `.` itself. */
  relativeName: string;
  /** Bytes. */
  size: string;
}

const flags = {
  all: { type: "bool", short: "a", help: "Show files too; without it, folders only" },
  depth: {
    type: "int32",
    short: "d",
    help: "Levels of folders to show below each path; 0 is the total alone",
  },
  humanize: { type: "bool", short: "H", help: "Print sizes with units instead of bytes" },
  threshold: {
    type: "int64",
    short: "t",
    help: "Show entries of at least this many bytes; if negative, of at most that many",
  },
} as const satisfies Flags;

export const usage: Command<UsageRecord, typeof flags> = {
  path: ["usage"],
  aliases: ["du"],
  usage: "[path1] [path2] ... [pathN]",
  summary: "Show how much space files and folders take",
  description: "Adds up the sizes of files below the paths, or below / when none is given.",
  example: `  talosctl usage -n 10.5.0.2 /var -d 1 -H
  talosctl usage -n 10.5.0.2 /var/log -a -t 1000000`,
  group: "talos",
  args: { rule: "unchecked", completion: { positions: ["nodeDirectory"], rest: "error" } },
  flags,
  targets: "many",
  // spec/machine-read.md, 14
  layout({ flags: { humanize }, nodes }) {
    const columns: Column<UsageRecord>[] = [
      { header: "SIZE", cell: ({ size }) => humanize ? formatBytes(size) : size },
      { header: "NAME", cell: ({ relativeName }) => relativeName },
    ];
    if (nodes.length > 1) columns.unshift({ header: "NODE", cell: ({ node }) => node });
    return { columns, header: "first row" };
  },

  async *run({ args, flags: { all, depth, threshold }, nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    const request = {
      recursionDepth: (depth + 1) | 0, // int32, which wraps around
      all,
      threshold: String(threshold),
      paths: args.length === 0 ? ["/"] : [...args],
    };
    for await (const answer of machine.diskUsage(request)) {
      if ("error" in answer) {
        yield answer;
        continue;
      }
      const { node, value: { name, relativeName, size, error } } = answer;
      if (error === "") yield { node, name, relativeName, size };
      else yield { node, error: new CliError(error) };
    }
  },
};
