/** LifecycleService: the installer of another version, run on the node; it restarts nothing (spec/machine-ops.md, 16.6). */

import { RpcError } from "../../../core/errors.ts";
import { installerExitCode, installerLines } from "../lifecycle/installer.ts";
import { isInMaintenance, type SandboxNode } from "../node.ts";
import { implement } from "../service_group.ts";
import { disksOf } from "../system/hardware.ts";
import { findImage } from "../system/image_registry.ts";
import { imageNamespace } from "./images.ts";

/** How long an installer takes for each of its lines. */
const lineMs = 800;

/** The nodes where an installer runs. */
const installing = new WeakSet<SandboxNode>();

export const lifecycleService = implement("machine.LifecycleService", {
  upgrade: async function* ({ containerd, source }, { node, cluster: { clock }, signal }) {
    checkNode(node);
    const image = source?.imageName ?? "";
    if (image === "") throw new RpcError("InvalidArgument", "installer image name is required");
    const disk = disksOf(node).find(({ isSystemDisk }) => isSystemDisk);
    if (disk === undefined) throw new RpcError("Internal", "system disk not found");
    if (!node.images[imageNamespace(containerd)].has(findImage(image).reference)) {
      throw new RpcError(
        "Internal",
        `upgrade failed: installer image "${image}" not found in containerd store: ` +
          `image "${image}": not found`,
      );
    }
    installing.add(node);
    try {
      for (const message of installerLines(image, `/dev/${disk.name}`)) {
        await clock.until(new Date(clock.now().getTime() + lineMs), signal);
        // With its caller the installer ends too.
        signal.throwIfAborted();
        yield { progress: { message } };
      }
      const exitCode = installerExitCode(image);
      if (exitCode === 0) node.disk.install(image);
      yield { progress: { exitCode } };
    } finally {
      installing.delete(node);
    }
  },
});

function checkNode(node: SandboxNode): void {
  const refuse = (text: string) => new RpcError("FailedPrecondition", text);
  if (installing.has(node)) throw refuse("another installation/upgrade is already in progress");
  if (node.platform === "container") throw refuse("upgrade is not supported in container mode");
  if (isInMaintenance(node)) throw refuse("machine is not installed");
}
