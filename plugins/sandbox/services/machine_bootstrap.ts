/** MachineService: the beginning of a cluster's etcd, and the snapshot it may begin from (spec/machine-ops.md, 16.6). */

import { concatBytes } from "../../../core/bytes.ts";
import { RpcError } from "../../../core/errors.ts";
import { requireControlPlane } from "../control_plane_only.ts";
import { etcdOf } from "../etcd/etcd_cluster.ts";
import { etcdDataOf } from "../etcd/node_data.ts";
import { failRecovery, goOn, restartForBootstrap } from "../etcd/service.ts";
import { implement } from "../service_group.ts";

export const machineBootstrap = implement("machine.MachineService", {
  etcdRecover: async (messages, { node }) => {
    requireControlPlane(node, "etcd recover");
    const data = etcdDataOf(node);
    data.upload = undefined;
    const pieces: Uint8Array[] = [];
    for await (const { bytes } of messages) pieces.push(bytes);
    data.upload = concatBytes(pieces);
    return { messages: [{}] };
  },

  bootstrap: async ({ recoverEtcd, recoverSkipHashCheck }, { cluster, node }) => {
    const cri = node.services.get("cri");
    if (cri?.state !== "Running" || cri.isHealthy !== true) {
      throw new RpcError("FailedPrecondition", "bootstrap is not available yet");
    }
    requireControlPlane(node, "bootstrap");
    if (!/^ +etcd:/m.test(node.config?.text ?? "")) {
      throw new RpcError("InvalidArgument", "etcd is not configured, bootstrap is not possible");
    }
    if (!node.progress.hasTime) {
      throw new RpcError("FailedPrecondition", "time is not in sync yet");
    }
    const etcd = etcdOf(cluster);
    if (etcd.hasData(node)) {
      throw new RpcError("AlreadyExists", "etcd data directory is not empty");
    }

    const context = { at: cluster.clock.now() };
    const database = recoverEtcd
      ? await recoveredDatabase(etcdDataOf(node), recoverSkipHashCheck)
      : undefined;
    if (typeof database === "string") failRecovery(node, database, context);
    else {
      const joining = etcd.bootstrap(node, database);
      restartForBootstrap(node, context);
      for (const other of joining) goOn(other, context);
    }
    return { messages: [{}] };
  },
});

/** The database of the snapshot that was uploaded, which is then deleted; a text says why it cannot be had. */
async function recoveredDatabase(
  data: { upload: Uint8Array | undefined },
  skipsChecksum: boolean,
): Promise<Uint8Array | string> {
  const { databaseOf } = await import("../etcd/snapshot_blocks.ts");
  const { upload } = data;
  if (upload === undefined) return "open /var/lib/etcd.snapshot: no such file or directory";
  data.upload = undefined;
  return databaseOf(upload, { skipsChecksum });
}
