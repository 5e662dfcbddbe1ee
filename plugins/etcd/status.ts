/** `talosctl etcd status`: how the member of each node is. */

import { perNode } from "../../core/client/per_node.ts";
import type { Column, Command } from "../../core/command.ts";
import { goFixed } from "../../core/output/go_float.ts";
import { formatBytes } from "../../core/output/sizes.ts";
import { formatMemberId } from "./member_id.ts";

/** A member, as it says itself. */
interface StatusRecord {
  node: string;
  /** 16 hex digits. */
  memberId: string;
  /** Bytes, as `dbSizeInUse`. */
  dbSize: string;
  dbSizeInUse: string;
  /** 16 hex digits; zeros without a leader. */
  leader: string;
  raftIndex: string;
  raftTerm: string;
  raftAppliedIndex: string;
  isLearner: boolean;
  protocolVersion: string;
  storageVersion: string;
  errors: string[];
}

const columns: Column<StatusRecord>[] = [
  { header: "NODE", cell: ({ node }) => node },
  { header: "MEMBER", cell: ({ memberId }) => memberId },
  { header: "DB SIZE", cell: ({ dbSize }) => formatBytes(dbSize) },
  {
    header: "IN USE",
    cell: ({ dbSize, dbSizeInUse }) =>
      `${formatBytes(dbSizeInUse)} (${share(dbSizeInUse, dbSize)})`,
  },
  { header: "LEADER", cell: ({ leader }) => leader },
  { header: "RAFT INDEX", cell: ({ raftIndex }) => raftIndex },
  { header: "RAFT TERM", cell: ({ raftTerm }) => raftTerm },
  { header: "RAFT APPLIED INDEX", cell: ({ raftAppliedIndex }) => raftAppliedIndex },
  { header: "LEARNER", cell: ({ isLearner }) => String(isLearner) },
  { header: "PROTOCOL", cell: ({ protocolVersion }) => protocolVersion },
  { header: "STORAGE", cell: ({ storageVersion }) => storageVersion },
  { header: "ERRORS", cell: ({ errors }) => errors.join(", ") },
];

export const status: Command<StatusRecord> = {
  path: ["etcd", "status"],
  summary: "Show the state of the etcd member of each node",
  description: `Shows the size of the database and how much of it is in use, the leader, the
progress of the raft log, and errors.`,
  example: "  talosctl etcd status -n 10.5.0.2,10.5.0.3,10.5.0.4",
  args: { rule: "none" },
  flags: {},
  targets: "many",
  layout: () => ({ columns, flush: "idle" }),
  nameOf: ({ memberId }) => memberId,

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    yield* perNode(machine.etcdStatus({}), function* ({ messages }) {
      for (const { memberStatus: member } of messages) {
        if (member === undefined) continue;
        const { memberId, leader, dbSize, dbSizeInUse, errors, ...rest } = member;
        const { raftIndex, raftTerm, raftAppliedIndex } = rest;
        const { isLearner, protocolVersion, storageVersion } = rest;
        yield {
          memberId: formatMemberId(memberId),
          dbSize,
          dbSizeInUse,
          leader: formatMemberId(leader),
          raftIndex,
          raftTerm,
          raftAppliedIndex,
          isLearner,
          protocolVersion,
          storageVersion,
          errors,
        };
      }
    });
  },
};

/** Percent with two decimals. */
function share(part: string, whole: string): string {
  const percent = whole === "0" ? 0 : Number(part) / Number(whole) * 100;
  return `${goFixed(percent, 2)}%`;
}
