/** ImageService/List, and its predecessor in the MachineService: the images of a node (spec/machine-read.md, 22). */

import { RpcError } from "../../../core/errors.ts";
import type { ContainerdInstance } from "../../../proto/gen/common/common.ts";
import { timestamp } from "../changes.ts";
import type { SandboxNode } from "../node.ts";
import { implement } from "../service_group.ts";
import type { ImageNamespace, ImageRecord } from "../system/images.ts";
import { compareCodePoints } from "../../../core/output/code_point_order.ts";

export const imageList = implement("machine.ImageService", {
  list: async function* ({ containerd }, { node }) {
    for (const image of imagesOf(node, imageNamespace(containerd))) {
      yield { ...shown(image), labels: { ...image.labels } };
    }
  },
});

export const machineImageList = implement("machine.MachineService", {
  imageList: async function* ({ namespace }, { node }) {
    const containerd = { driver: "CRI", namespace } as const;
    for (const image of imagesOf(node, imageNamespace(containerd))) yield shown(image);
  },
});

/** Where a request looks; refuses what does not go together. */
export function imageNamespace(containerd: ContainerdInstance | undefined): ImageNamespace {
  const { driver = "CONTAINERD", namespace = "NS_UNKNOWN" } = containerd ?? {};
  const refuse = (text: string) => new RpcError("InvalidArgument", text);
  if (driver !== "CRI" && driver !== "CONTAINERD") {
    throw refuse(`invalid containerd driver ${driver}`);
  }
  if (namespace === "NS_SYSTEM") return driver === "CRI" ? "system" : "inmem";
  if (namespace !== "NS_CRI") throw refuse(`invalid containerd namespace ${namespace}`);
  if (driver === "CRI") return "cri";
  throw refuse("cannot use CRI namespace with containerd driver");
}

function imagesOf(node: SandboxNode, namespace: ImageNamespace): readonly ImageRecord[] {
  return [...node.images[namespace].values()]
    .sort((one, other) => compareCodePoints(one.name, other.name));
}

function shown({ name, digest, sizeBytes, createdAt }: ImageRecord) {
  return { name, digest, size: String(sizeBytes), createdAt: timestamp(createdAt) };
}
