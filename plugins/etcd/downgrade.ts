/** `talosctl etcd downgrade validate`, `enable` and `cancel`: going back to an older version of etcd. */

import type { Command, Context } from "../../core/command.ts";
import type { EtcdClusterDowngrade } from "../../proto/gen/machine/machine.ts";

/** What the cluster answered. */
interface DowngradeRecord {
  node: string;
  /** What succeeded. */
  operation: "validate" | "enable" | "cancel";
  /** Of the running cluster, such as `3.7`. */
  clusterVersion: string;
}

const common = {
  flags: {},
  targets: "one",
  columns: [
    { header: "NODE", cell: ({ node }) => node },
    {
      header: "MESSAGE",
      cell: ({ operation, clusterVersion }) =>
        `downgrade ${operation} success, cluster version ${clusterVersion}`,
    },
  ],
} as const satisfies Partial<Command<DowngradeRecord>>;

export const downgradeValidate: Command<DowngradeRecord> = {
  ...common,
  path: ["etcd", "downgrade", "validate"],
  usage: "<version>",
  summary: "Check whether etcd can go back to a version",
  description: `Asks the cluster whether a downgrade to the version is possible, and changes
nothing.`,
  example: "  talosctl etcd downgrade validate 3.6 -n 10.5.0.2",
  args: { rule: "exact", min: 1, max: 1 },

  async *run(context) {
    const [version = ""] = context.args;
    const { node, machine } = await target(context);
    const { messages } = await machine.etcdDowngradeValidate({ version });
    yield* records(node, "validate", messages);
  },
};

export const downgradeEnable: Command<DowngradeRecord> = {
  ...common,
  path: ["etcd", "downgrade", "enable"],
  usage: "<version>",
  summary: "Put etcd into downgrade mode",
  description: `Allows the members to be replaced, one after the other, by ones of the older
version. Take a snapshot before. One node is asked, for the whole cluster.`,
  example: "  talosctl etcd downgrade enable 3.6 -n 10.5.0.2",
  args: { rule: "exact", min: 1, max: 1 },

  async *run(context) {
    const [version = ""] = context.args;
    const { node, machine } = await target(context);
    const { messages } = await machine.etcdDowngradeEnable({ version });
    yield* records(node, "enable", messages);
  },
};

export const downgradeCancel: Command<DowngradeRecord> = {
  ...common,
  path: ["etcd", "downgrade", "cancel"],
  summary: "Call off a downgrade of etcd",
  description: "Ends the downgrade mode of the cluster; fine too when there is none.",
  example: "  talosctl etcd downgrade cancel -n 10.5.0.2",
  args: { rule: "none" },

  async *run(context) {
    const { node, machine } = await target(context);
    const { messages } = await machine.etcdDowngradeCancel({});
    yield* records(node, "cancel", messages);
  },
};

async function target({ nodes, talos }: Pick<Context, "nodes" | "talos">) {
  const [node = ""] = await nodes();
  return { node, machine: await talos.node(node).service("machine.MachineService") };
}

function* records(
  node: string,
  operation: DowngradeRecord["operation"],
  messages: readonly { clusterDowngrade: EtcdClusterDowngrade | undefined }[],
): Generator<DowngradeRecord> {
  for (const { clusterDowngrade } of messages) {
    yield { node, operation, clusterVersion: clusterDowngrade?.clusterVersion ?? "" };
  }
}
