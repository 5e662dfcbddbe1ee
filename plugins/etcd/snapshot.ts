/** `talosctl etcd snapshot`: the database of a node's etcd as a file, which is checked before it gets its name. */

import type { Command } from "../../core/command.ts";
import { type SnapshotInfo, snapshotText } from "../../core/etcd_snapshot/info.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** A snapshot that was saved. */
interface SnapshotRecord extends SnapshotInfo {
  node: string;
  path: string;
  /** Bytes of the file: the database and the checksum behind it. */
  size: number;
}

export const snapshot: Command<SnapshotRecord> = {
  path: ["etcd", "snapshot"],
  usage: "<path>",
  summary: "Save a snapshot of the etcd database of a node",
  description: `Streams the database of a healthy member to a file, checks it and prints its
hash and size. A snapshot is what "bootstrap --recover-from" restores a cluster
from. It holds all Kubernetes secrets.`,
  example: "  talosctl etcd snapshot -n 10.5.0.2 db.snapshot",
  args: { rule: "exact", min: 1, max: 1 },
  flags: {},
  targets: "one",
  text: (saved) => `snapshot info: ${snapshotText(saved)}\n`,
  nameOf: ({ path }) => path,

  async *run({ args: [path = ""], nodes, output, signal, talos }) {
    const { dataChunks } = await import("../../core/client/data_stream.ts");
    const { inspectSnapshot } = await import("../../core/etcd_snapshot/inspect.ts");
    const { saveSnapshot } = await import("./save_snapshot.ts");
    const [node = ""] = await nodes();
    const machine = await talos.node(node).service("machine.MachineService");
    const open = () =>
      dataChunks(machine.etcdSnapshot({}, { joinsData: true }), {
        opening: "error reading file",
        receiving: "error reading",
      });

    const size = await saveSnapshot(open, path);
    // Before the inspection: whatever that finds, the file is there.
    if (output === "table") yield `etcd snapshot saved to ${goQuote(path)} (${size} bytes)\n`;
    yield { node, path, size, ...await inspectSnapshot(path, signal) };
  },
};
