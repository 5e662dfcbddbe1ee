/** MachineService: the containers of a node, what they use, and starting one anew (spec/machine-read.md, 4). */

import { RpcError } from "../../../core/errors.ts";
import type { ContainerDriver } from "../../../proto/gen/common/common.ts";
import { startService } from "../changes.ts";
import { implement } from "../service_group.ts";
import { containersOf, findPodContainer } from "../system/containers.ts";
import { processesOf } from "../system/processes.ts";
import { restartContainer } from "../system/pods.ts";

export const machineContainers = implement("machine.MachineService", {
  containers: ({ namespace, driver }, { node }) => {
    checkInspector(namespace, driver);
    const containers = containersOf(node, namespace).map(({ podId, ...container }) => ({
      ...container,
      namespace,
      podId,
    }));
    return { messages: [{ containers }] };
  },

  stats: ({ namespace, driver }, { cluster, node }) => {
    checkInspector(namespace, driver);
    const processes = processesOf(node, cluster.clock.now());
    const stats = containersOf(node, namespace).map(({ id, name, podId, pid, isSandbox }) => {
      // A sandbox does nothing itself.
      const process = isSandbox ? undefined : processes.find((process) => process.pid === pid);
      return {
        namespace,
        id,
        name,
        podId,
        // A container's groups have no memory controller.
        memoryUsage: String(node.platform === "container" ? 0 : process?.residentBytes ?? 0),
        cpuUsage: String(Math.round((process?.cpuSeconds ?? 0) * 1e9)),
      };
    });
    return { messages: [{ stats }] };
  },

  restart: ({ namespace, id, driver }, { cluster, node }) => {
    checkInspector(namespace, driver);
    const found = containersOf(node, namespace).find((container) => container.id === id);
    const inPod = namespace === "k8s.io" ? findPodContainer(node, id) : undefined;
    if (found === undefined && inPod === undefined) {
      throw new RpcError("Unknown", `container "${id}" not found`);
    }
    const at = cluster.clock.now();
    if (namespace === "system") startService(node, id, { at });
    else for (const container of inPod ?? []) restartContainer(container, node, at);
    return { messages: [{}] };
  },
});

/** Refuses what Talos has no way to look into. */
export function checkInspector(namespace: string, driver: ContainerDriver): void {
  if (namespace === "") throw new RpcError("InvalidArgument", "namespace can't be empty");
  if (driver === "CRI") {
    if (namespace === "k8s.io") return;
    throw new RpcError("Unknown", "CRI inspector is supported only for K8s namespace");
  }
  if (driver !== "CONTAINERD") {
    throw new RpcError("InvalidArgument", `unsupported driver "${driver}"`);
  }
}
