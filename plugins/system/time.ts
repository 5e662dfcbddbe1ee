/** `talosctl time`: the clocks of nodes beside that of a time server. */

import type { Column, Command, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { exactIsoTime } from "../../core/output/times.ts";
import type { Time } from "../../proto/gen/time/time.ts";

/** What one node found; times are ISO 8601 with up to nine digits of fraction. */
interface TimeRecord {
  node: string;
  /** The time server. */
  server: string;
  localtime: string;
  remotetime: string;
}

const flags = {
  check: {
    type: "string",
    help: "Time server to compare with; without it, that of the node",
  },
} as const satisfies Flags;

export const time: Command<TimeRecord, typeof flags> = {
  path: ["time"],
  usage: "[--check server]",
  summary: "Compare the clock of nodes with a time server",
  description: `Has each node ask its own time server, or the one given with --check, and prints
both times.`,
  example: `  talosctl time -n 10.5.0.2
  talosctl time -n 10.5.0.2 --check pool.ntp.org`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  layout: () => ({ columns, flush: "idle" }),
  nodeError: (node, error) =>
    `${error instanceof NoTime ? "" : "error from "}node ${node}: ${error.message}`,

  async *run({ flags, nodes, talos }) {
    const service = await talos.nodes(await nodes()).service("time.TimeService");
    const answers = flags.check === ""
      ? service.time({})
      : service.timeCheck({ server: flags.check });
    for await (const answer of answers) {
      if ("error" in answer) yield answer;
      else {
        for (const message of answer.value.messages) yield readTime(answer.node, message);
      }
    }
  },
};

/** An answer that holds no time; its line has an opening of its own (spec/machine-read.md, 10). */
class NoTime extends CliError {}

function readTime(node: string, { server, localtime, remotetime }: Time) {
  const local = localtime && exactIsoTime(localtime);
  if (local === undefined) return { node, error: new NoTime("error parsing local time") };
  const remote = remotetime && exactIsoTime(remotetime);
  if (remote === undefined) return { node, error: new NoTime("error parsing remote time") };
  return { node, server, localtime: local, remotetime: remote };
}

const columns: Column<TimeRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "NTP-SERVER", cell: ({ server }) => server },
  { header: "NODE-TIME", cell: ({ localtime }) => utcStamp(localtime) },
  { header: "NTP-SERVER-TIME", cell: ({ remotetime }) => utcStamp(remotetime) },
];

function utcStamp(isoTime: string): string {
  return isoTime.replace("T", " ").replace("Z", " +0000 UTC");
}
