/** MachineService/Upgrade: pull, installation and restart in one, as nodes did it before (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";
import { etcdOf } from "../etcd/etcd_cluster.ts";
import { isThere } from "../etcd/members.ts";
import { isInMaintenance } from "../node.ts";
import { type HandlerContext, implement } from "../service_group.ts";
import { findImage } from "../system/image_registry.ts";
import { refuseInContainer } from "./machine_lifecycle.ts";

export const machineUpgrade = implement("machine.MachineService", {
  upgrade: ({ image, preserve, stage, force, rebootMode }, context) => {
    const { node } = context;
    refuseInContainer(node);
    if (isInMaintenance(node)) throw new RpcError("FailedPrecondition", "Talos is not installed");
    checkImage(image);
    if (node.machineType === "controlplane" && !force && !preserve) checkEtcd(context);
    // What is staged stays so, even where the restart is refused.
    if (stage) node.disk.install(image);
    const actorId = crypto.randomUUID();
    node.lifecycle.start(stage ? "stageUpgrade" : "upgrade", actorId, {
      image,
      rebootMode: rebootMode === "POWERCYCLE" ? "POWERCYCLE" : "DEFAULT",
    });
    return { messages: [{ ack: "Upgrade request received", actorId }] };
  },
});

function checkImage(image: string): void {
  try {
    findImage(image);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const text = `error validating installer image "${image}": ${error.description}`;
    throw new RpcError("Unknown", text);
  }
}

/** Members are upgraded one at a time, and only where the others can do without. */
function checkEtcd({ node, cluster }: HandlerContext): void {
  const others = cluster.nodes.filter((other) => other !== node);
  if (others.some(({ lifecycle: { sequence } }) => sequence === "upgrade")) {
    throw new RpcError(
      "Unknown",
      "failed to acquire upgrade mutex: error trying to lock etcd upgrade mutex: " +
        "mutex: Locked by another session",
    );
  }
  const refuse = (text: string) =>
    new RpcError("Unknown", `error validating etcd for upgrade: etcd member ${text}`);
  const { members } = etcdOf(cluster);
  if (members.length === 2) {
    throw new RpcError(
      "Unknown",
      "error validating etcd for upgrade: " +
        "etcd member count(2) is insufficient to maintain quorum if upgrade commences",
    );
  }
  for (const member of members) {
    if (isThere(member, cluster.clock.now())) continue;
    throw refuse(
      `${member.id} is not healthy; all members must be healthy to perform an upgrade: ` +
        "context deadline exceeded",
    );
  }
}
