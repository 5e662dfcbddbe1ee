/** `talosctl etcd members`: the members of etcd, as each asked node knows them. */

import { perNode } from "../../core/client/per_node.ts";
import type { Command } from "../../core/command.ts";
import { formatMemberId } from "./member_id.ts";

/** One member as one node sees it. */
interface MemberRecord {
  node: string;
  /** 16 hex digits: what `etcd remove-member` takes. */
  id: string;
  hostname: string;
  peerUrls: string[];
  clientUrls: string[];
  isLearner: boolean;
}

export const members: Command<MemberRecord> = {
  path: ["etcd", "members"],
  summary: "Show the members of etcd, as each node knows them",
  description: `Lists the etcd members as seen by the etcd of each node asked, so that members
with different views stand out.`,
  example: "  talosctl etcd members -n 10.5.0.2,10.5.0.3,10.5.0.4",
  args: { rule: "none" },
  flags: {},
  targets: "many",
  layout: () => ({
    columns: [
      { header: "NODE", cell: ({ node }) => node },
      { header: "ID", cell: ({ id }) => id },
      { header: "HOSTNAME", cell: ({ hostname }) => hostname },
      { header: "PEER URLS", cell: ({ peerUrls }) => peerUrls.join(",") },
      { header: "CLIENT URLS", cell: ({ clientUrls }) => clientUrls.join(",") },
      { header: "LEARNER", cell: ({ isLearner }) => String(isLearner) },
    ],
    flush: "idle",
  }),

  async *run({ nodes, talos }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");

    // queryLocal: ask that node's own etcd, or a broken member hides behind a healthy one.
    const answers = machine.etcdMemberList({ queryLocal: true });

    yield* perNode(answers, function* ({ messages }) {
      for (const member of messages.flatMap((message) => message.members)) {
        const { hostname, peerUrls, clientUrls, isLearner } = member;
        yield { id: formatMemberId(member.id), hostname, peerUrls, clientUrls, isLearner };
      }
    });
  },
};
