/** A node as Kubernetes sees it: whether it is ready, and whether it takes pods. */

import { CliError } from "../errors.ts";
import { type KubernetesClient, KubernetesError } from "../kubernetes/api_client.ts";
import { sleep } from "../sleep.ts";

/** What is looked at of a node. */
interface KubernetesNode {
  spec?: { unschedulable?: boolean };
  status?: { conditions?: readonly { type: string; status: string }[] };
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${name}`;
}

/** Has Kubernetes send no more pods to the node, or again; nothing is changed where it does so already. */
export async function setUnschedulable(
  kubernetes: KubernetesClient,
  name: string,
  { wanted, signal }: { wanted: boolean; signal: AbortSignal },
): Promise<void> {
  const { spec } = await kubernetes.request(nodePath(name), { signal }) as KubernetesNode;
  if ((spec?.unschedulable ?? false) === wanted) return;
  const body = { spec: { unschedulable: wanted } };
  await kubernetes.request(nodePath(name), { method: "PATCH", body, signal });
}

/**
 * Looks at the node until it is ready; an API that fails meanwhile is asked again.
 *
 * @throws {CliError} `context deadline exceeded`, or `context canceled` once the signal aborts
 */
export async function untilReady(
  kubernetes: KubernetesClient,
  name: string,
  { timeoutMs, readyMs, signal }: { timeoutMs: number; readyMs: number; signal: AbortSignal },
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      const { status } = await kubernetes.request(nodePath(name), { signal }) as KubernetesNode;
      const isReady = ({ type, status }: { type: string; status: string }) =>
        type === "Ready" && status === "True";
      if (status?.conditions?.some(isReady)) return;
    } catch (error) {
      // The API may restart with its node: whatever it answers meanwhile, it is asked again.
      if (!(error instanceof KubernetesError)) throw error;
    }
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) throw new CliError("context deadline exceeded");
    await sleep(Math.min(readyMs, leftMs), signal).catch((cause) => {
      throw new CliError("context canceled", { cause });
    });
  }
}
