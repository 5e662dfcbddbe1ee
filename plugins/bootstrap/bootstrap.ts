/** `talosctl bootstrap`: start etcd on the first node of a cluster, anew or from a snapshot. */

import type { Command, Flags } from "../../core/command.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { goQuote } from "../../core/output/go_quote.ts";

const flags = {
  recoverFrom: { type: "string", help: "Etcd snapshot to restore" },
  recoverSkipHashCheck: {
    type: "bool",
    help: "Accept a snapshot without its checksum, such as a copy of the database file",
  },
} as const satisfies Flags;

export const bootstrap: Command<object, typeof flags> = {
  path: ["bootstrap"],
  summary: "Start etcd on the first control plane node of a cluster",
  description: `Turns one control plane node into the beginning of the cluster: its etcd starts
with a single member, and the other control plane nodes then join by themselves.
Run it once in the life of a cluster, on one node; it fails when the node has
etcd data already.

With --recover-from the etcd data come from a snapshot, to bring back a cluster
that has lost its quorum.`,
  example: `  talosctl bootstrap -n 10.5.0.2
  talosctl bootstrap -n 10.5.0.2 --recover-from db.snapshot`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "one",

  async *run({ flags: { recoverFrom, recoverSkipHashCheck }, nodes, signal, talos }) {
    const [node = ""] = await nodes();
    const recoverEtcd = recoverFrom !== "";
    const machine = await talos.node(node).service("machine.MachineService");
    if (recoverEtcd) {
      const { inspectSnapshot } = await import("../../core/etcd_snapshot/inspect.ts");
      const { snapshotText } = await import("../../core/etcd_snapshot/info.ts");
      const { uploadPieces } = await import("./upload_pieces.ts");
      const info = await inspectSnapshot(recoverFrom, signal);
      yield `recovering from snapshot ${goQuote(recoverFrom)}: ${snapshotText(info)}\n`;
      await withPrefix(
        "error uploading snapshot",
        machine.etcdRecover(uploadPieces(recoverFrom)),
      );
    }
    await withPrefix(
      "error executing bootstrap",
      machine.bootstrap({ recoverEtcd, recoverSkipHashCheck }),
    );
  },
};
