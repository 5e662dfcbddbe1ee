/** `talosctl etcd alarm list` and `disarm`: what members of etcd complain of. */

import { perNode } from "../../core/client/per_node.ts";
import type { Command } from "../../core/command.ts";
import type { EtcdMemberAlarm } from "../../proto/gen/machine/machine.ts";
import { formatMemberId } from "./member_id.ts";

/** One alarm, as one node knows it. */
interface AlarmRecord {
  node: string;
  /** 16 hex digits. */
  memberId: string;
  /** `NOSPACE` or `CORRUPT`. */
  alarm: string;
}

/** What both have; the header stands there only above an alarm (spec/machine-ops.md, 15.1). */
const common = {
  args: { rule: "none" },
  flags: {},
  targets: "many",
  layout: () => ({
    columns: [
      { header: "NODE", cell: ({ node }) => node },
      { header: "MEMBER", cell: ({ memberId }) => memberId },
      { header: "ALARM", cell: ({ alarm }) => alarm },
    ],
    header: "first row",
    flush: "idle",
  }),
  nameOf: ({ memberId }) => memberId,
} as const satisfies Partial<Command<AlarmRecord>>;

export const alarmList: Command<AlarmRecord> = {
  ...common,
  path: ["etcd", "alarm", "list"],
  summary: "Show the alarms of etcd",
  description: "Shows which members have raised an alarm; nothing is printed when there is none.",
  example: "  talosctl etcd alarm list -n 10.5.0.2",

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    yield* perNode(machine.etcdAlarmList({}), ({ messages }) => alarmsOf(messages));
  },
};

export const alarmDisarm: Command<AlarmRecord> = {
  ...common,
  path: ["etcd", "alarm", "disarm"],
  summary: "Clear the alarms of etcd",
  description: `Clears all alarms and shows which there were. Remove the cause first, such as a
full database (see "etcd defrag"), or they come back.`,
  example: "  talosctl etcd alarm disarm -n 10.5.0.2",

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    yield* perNode(machine.etcdAlarmDisarm({}), ({ messages }) => alarmsOf(messages));
  },
};

function alarmsOf(messages: readonly { memberAlarms: EtcdMemberAlarm[] }[]) {
  return messages.flatMap(({ memberAlarms }) => memberAlarms)
    .map(({ memberId, alarm }) => ({ memberId: formatMemberId(memberId), alarm: String(alarm) }));
}
