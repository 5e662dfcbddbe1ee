/** The containers of a node as its API names them: those of Talos itself, and those of pods (spec/machine-read.md, 4). */

import type { SandboxNode } from "../node.ts";
import { pauseImage, type Pod, type PodContainer } from "./pods.ts";
import { servicePid } from "./processes.ts";

/** A container, or the sandbox of a pod. */
export interface SystemContainer {
  /** `apid`, `kube-system/coredns-…`, or `kube-system/coredns-…:coredns:0123456789ab`. */
  id: string;
  podId: string;
  name: string;
  /** Empty for what runs from a directory. */
  image: string;
  pid: number;
  status: string;
  networkNamespace: string;
  /** As containerd knows it. */
  internalId: string;
  uid: string;
  isSandbox: boolean;
}

const systemIds = ["apid", "trustd"];
const partialIdLength = 12;

/** The containers of a containerd namespace, `system` or `k8s.io`; none of others. */
export function containersOf(node: SandboxNode, namespace: string): readonly SystemContainer[] {
  if (namespace === "k8s.io") return node.system.pods.flatMap(podContainers);
  return namespace === "system" ? systemContainers(node) : [];
}

/** The containers of pods that an id means: `pod` all of its, `pod:name` and `pod:name:partial id` one. */
export function findPodContainer(
  node: SandboxNode,
  id: string,
): readonly PodContainer[] | undefined {
  const [podId = "", name, partialId = ""] = id.split(":");
  const pod = node.system.pods.find((pod) => podIdOf(pod) === podId);
  if (pod === undefined || name === undefined) return pod?.containers;
  const found = pod.containers.find((container) =>
    container.name === name && container.id.startsWith(partialId)
  );
  return found && [found];
}

/** Whether an id means the sandbox of a pod. */
export function isSandboxId(node: SandboxNode, id: string): boolean {
  return node.system.pods.some((pod) => podIdOf(pod) === id);
}

function systemContainers(node: SandboxNode): readonly SystemContainer[] {
  return systemIds.flatMap((id) => {
    const service = node.services.get(id);
    if (service?.state !== "Running") return [];
    return [{
      id,
      podId: id,
      name: id,
      image: "",
      pid: servicePid(service) ?? 0,
      status: "RUNNING",
      networkNamespace: "",
      internalId: id,
      uid: "",
      isSandbox: false,
    }];
  });
}

function podContainers(pod: Pod): readonly SystemContainer[] {
  const podId = podIdOf(pod);
  const networkNamespace = pod.networkNamespace ?? "";
  const sandbox: SystemContainer = {
    id: podId,
    podId,
    name: podId,
    image: pauseImage,
    pid: pod.pid,
    status: "SANDBOX_READY",
    networkNamespace,
    internalId: pod.id,
    uid: pod.uid,
    isSandbox: true,
  };
  const containers = pod.containers.map((container) => ({
    id: `${podId}:${container.name}:${container.id.slice(0, partialIdLength)}`,
    podId,
    name: container.name,
    image: container.image,
    pid: container.pid,
    status: "CONTAINER_RUNNING",
    networkNamespace,
    internalId: container.id,
    uid: "",
    isSandbox: false,
  }));
  return [sandbox, ...containers];
}

function podIdOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
