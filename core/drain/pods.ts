/** The pods of a node, and which of them have to go when it is drained (spec/machine-ops.md, 9.4). */

import type { KubernetesClient } from "../kubernetes/api_client.ts";

/** What draining looks at of a pod. */
export interface Pod {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    annotations?: Readonly<Record<string, string>>;
    ownerReferences?: readonly { kind: string; controller?: boolean }[];
  };
}

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** All pods of the node but those that come back at once: static ones, and those of daemon sets. */
export async function podsToEvict(
  kubernetes: KubernetesClient,
  nodeName: string,
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const selector = encodeURIComponent(`spec.nodeName=${nodeName}`);
  const list = await kubernetes.request(`/api/v1/pods?fieldSelector=${selector}`, { signal });
  const { items } = list as { items?: readonly Pod[] };
  return (items ?? []).filter(({ metadata: { annotations, ownerReferences = [] } }) =>
    annotations?.[mirrorAnnotation] === undefined &&
    !ownerReferences.some(({ kind, controller }) => kind === "DaemonSet" && controller === true)
  );
}

/** The path of a pod. */
export function podPath({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}
