/** Which containers of a node are meant: its own, or those of Kubernetes (spec/machine-read.md, 4). */

import type { Flags } from "../command.ts";

/** The flags of commands about containers. */
export const containerFlags = {
  kubernetes: {
    type: "bool",
    short: "k",
    help: "Take containers of Kubernetes instead of those of Talos itself",
  },
  useCri: { type: "bool", help: "Accepted for old scripts; without effect", hidden: true },
} as const satisfies Flags;

/** The namespace, and what a node asks about it. */
export interface ContainerSource {
  namespace: string;
  driver: "CONTAINERD" | "CRI";
}

/** What runs the node itself. */
export const systemContainers: ContainerSource = { namespace: "system", driver: "CONTAINERD" };

/** Pods and their containers. */
export const kubernetesContainers: ContainerSource = { namespace: "k8s.io", driver: "CRI" };

/** The containers that the flag `--kubernetes` chooses. */
export function containerSource({ kubernetes }: { kubernetes: boolean }): ContainerSource {
  return kubernetes ? kubernetesContainers : systemContainers;
}
