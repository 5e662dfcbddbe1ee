/** The images of a node, by containerd namespace (spec/machine-read.md, 22). */

import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";
import { kubernetesVersion, pauseImage } from "./pods.ts";

/** A name under which an image is kept. */
export interface ImageRecord {
  /** `registry/repository:tag`, `registry/repository@digest`, or a digest alone. */
  name: string;
  /** Of the manifest. */
  digest: string;
  sizeBytes: number;
  createdAt: Date;
  labels: Readonly<Record<string, string>>;
}

/** The three places where images are kept; the last is that of the in-memory containerd. */
export type ImageNamespace = "cri" | "system" | "inmem";

/** Images by name, in each place. */
export type ImageStore = Readonly<Record<ImageNamespace, Map<string, ImageRecord>>>;

const sizesBytes: Readonly<Record<string, number>> = {
  "registry.k8s.io/etcd": 24_117_248,
  "ghcr.io/siderolabs/kubelet": 74_612_318,
  "registry.k8s.io/kube-apiserver": 30_122_118,
};
const otherSizeBytes = 21_430_112;

/** What a node has pulled in the course of its boot. */
export function bootImages(node: SandboxNode): ImageStore {
  const store: ImageStore = { cri: new Map(), system: new Map(), inmem: new Map() };
  const add = (namespace: ImageNamespace, reference: string) => {
    for (const record of imageRecords(node, { namespace, reference })) {
      store[namespace].set(record.name, record);
    }
  };
  if (node.services.has("etcd")) add("system", "registry.k8s.io/etcd:3.7.1");
  // In a container the kubelet has not come so far: the pods are missing too.
  if (node.platform === "container" || node.machineType === "unknown") return store;
  add("system", `ghcr.io/siderolabs/kubelet:${kubernetesVersion}`);
  add("cri", pauseImage);
  for (const pod of node.system.pods) {
    for (const { image } of pod.containers) add("cri", image);
  }
  return store;
}

/** An image that a node has come by. */
export interface KeptImage {
  namespace: ImageNamespace;
  /** `repository:tag` or `repository@digest`. */
  reference: string;
  /** Default: in the course of the boot. */
  createdAt?: Date;
}

/** The names that an image is kept under once it was pulled. */
export function imageRecords(
  node: SandboxNode,
  { namespace, reference, createdAt = new Date(node.bootedAt.getTime() + 2000) }: KeptImage,
): readonly ImageRecord[] {
  const { repository, digest, configDigest, sizeBytes } = imageFacts(reference);
  const names = new Set([reference, `${repository}@${digest}`, digest]);
  const isManaged = namespace === "cri";
  if (isManaged) names.add(configDigest);
  return [...names].map((name) => ({
    name,
    digest,
    sizeBytes,
    createdAt,
    labels: isManaged ? { "io.cri-containerd.image": "managed" } : {},
  }));
}

/** What is known of an image wherever it is kept. */
export interface ImageFacts {
  repository: string;
  /** Of the manifest; the reference's own where it has one. */
  digest: string;
  configDigest: string;
  sizeBytes: number;
}

/** The image that a complete reference means: the same one on every node. */
export function imageFacts(reference: string): ImageFacts {
  const [tagged = "", ownDigest] = reference.split("@");
  const repository = tagged.replace(/:[^:/]+$/, "");
  const random = seededRandom(0, reference);
  const digest = ownDigest ?? `sha256:${random.bytes(32).toHex()}`;
  return {
    repository,
    digest,
    configDigest: `sha256:${random.bytes(32).toHex()}`,
    sizeBytes: sizesBytes[repository] ?? otherSizeBytes,
  };
}
