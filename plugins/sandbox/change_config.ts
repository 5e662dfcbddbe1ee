/** Another machine configuration for a node that is up: what follows from it, and who is to hear of it. */

import type { SandboxCluster } from "./cluster.ts";
import { startService, stopService } from "./changes.ts";
import type { NodeConfig, SandboxNode } from "./node.ts";
import { refreshResources } from "./resources/refresh_resources.ts";

/** Puts a configuration in force, as of now. */
export function changeConfig(
  cluster: SandboxCluster,
  node: SandboxNode,
  config: NodeConfig | undefined,
): void {
  // Their versions count from what was there before.
  refreshResources(node, ["MachineConfigs.config.talos.dev", kubeletSpecs]);
  const kubelet = kubeletOf(node);
  if (node.config !== config) node.config = config;
  if (kubelet !== undefined && kubelet !== kubeletOf(node)) restartKubelet(cluster, node);
  for (const each of cluster.nodes) each.resources.refreshWatched();
  // A node in maintenance mode waits for this.
  node.lifecycle.wake();
}

const kubeletSpecs = "KubeletSpecs.kubernetes.talos.dev";

/** What the kubelet was told; undefined where it does not run. */
function kubeletOf({ resources, services }: SandboxNode): string | undefined {
  if (services.get("kubelet")?.state !== "Running") return undefined;
  return resources.get("k8s", kubeletSpecs, "kubelet")?.yamlSpec;
}

function restartKubelet({ clock }: SandboxCluster, node: SandboxNode): void {
  const context = { at: clock.now() };
  stopService(node, "kubelet", context);
  startService(node, "kubelet", context);
}
