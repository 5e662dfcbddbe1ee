/** MachineService: reboot, shutdown, reset and rollback (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";
import type { SequenceOptions } from "../lifecycle/phases.ts";
import type { SandboxNode } from "../node.ts";
import { type HandlerContext, implement } from "../service_group.ts";

export const machineLifecycle = implement("machine.MachineService", {
  reboot: ({ mode }, context) => {
    refuseInContainer(context.node);
    const actorId = crypto.randomUUID();
    context.node.lifecycle.start("reboot", actorId, {
      rebootMode: mode === "UNRECOGNIZED" ? "DEFAULT" : mode,
    });
    return { messages: [{ actorId }] };
  },

  shutdown: ({ force }, { node }) => {
    const actorId = crypto.randomUUID();
    node.lifecycle.start("shutdown", actorId, { force });
    return { messages: [{ actorId }] };
  },

  reset: (request, context) => {
    const { node } = context;
    const labels = request.systemPartitionsToWipe.filter(({ wipe }) => wipe)
      .map(({ label }) => label);
    const options = {
      graceful: request.graceful,
      reboot: request.reboot,
      wipeMode: request.mode === "UNRECOGNIZED" ? "ALL" : request.mode,
      labels,
      userDisks: request.userDisksToWipe,
      isWorker: node.machineType === "worker",
    } as const;
    checkReset(context, options);
    const actorId = crypto.randomUUID();
    node.lifecycle.start("reset", actorId, options);
    return { messages: [{ actorId }] };
  },

  rollback: (_request, { node }) => {
    refuseInContainer(node);
    if (!node.disk.hasFallback) {
      throw new RpcError("Unknown", "failed to revert bootloader: previous label not found");
    }
    node.disk.rollBack();
    node.lifecycle.start("reboot", "");
    return { messages: [{}] };
  },
});

/** What the platform cannot do. */
export function refuseInContainer({ platform }: SandboxNode): void {
  if (platform !== "container") return;
  throw new RpcError("FailedPrecondition", "method is not supported in container mode");
}

function checkReset(
  { node }: HandlerContext,
  { wipeMode, labels = [], userDisks = [] }: SequenceOptions,
): void {
  const refuse = (mode: string, parameter: string) =>
    new RpcError(
      "Unknown",
      `reset failed: invalid input, wipe mode ${mode} doesn't support ${parameter} parameter`,
    );
  if (wipeMode === "SYSTEM_DISK" && userDisks.length > 0) {
    throw refuse(wipeMode, "UserDisksToWipe");
  }
  if (wipeMode === "USER_DISKS" && labels.length > 0) {
    throw refuse(wipeMode, "SystemPartitionsToWipe");
  }
  for (const device of userDisks) checkUserDisk(node, device);
  for (const label of labels) checkPartition(node, label, labels);
}

function checkUserDisk({ resources }: SandboxNode, device: string): void {
  const refuse = (reason: string) =>
    new RpcError("Unknown", `reset user disk failed: device ${device} ${reason}`);
  const id = device.replace(/^\/dev\//, "");
  const disk = resources.get("runtime", "Disks.block.talos.dev", id);
  if (disk === undefined) throw refuse("wasn't found");
  if (/^readonly: true$/m.test(disk.yamlSpec)) throw refuse("is readonly");
  const system = resources.get("runtime", "SystemDisks.block.talos.dev", "system-disk");
  if (system?.yamlSpec.includes(`devPath: ${device}\n`)) throw refuse("is the system disk");
}

function checkPartition({ resources }: SandboxNode, label: string, all: readonly string[]): void {
  const volume = resources.get("runtime", "VolumeStatuses.block.talos.dev", label);
  if (volume === undefined) {
    const resource = `resource VolumeStatuses.block.talos.dev(runtime/${label}@undefined)`;
    throw new RpcError(
      "Unknown",
      `failed to get volume status with label "${label}": ${resource} doesn't exist`,
    );
  }
  const [, parent] = /^ *parentId: (\S+)$/m.exec(volume.yamlSpec) ?? [];
  if (!/^type: directory$/m.test(volume.yamlSpec) || parent === undefined || all.includes(parent)) {
    return;
  }
  throw new RpcError(
    "Unknown",
    `failed to reset: volume "${label}" resides on volume "${parent}", ` +
      `and therefore "${label}" cannot be wiped without wiping "${parent}"`,
  );
}
