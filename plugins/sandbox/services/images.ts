/**
 * ImageService, and its predecessor in the MachineService: the images of a node (spec/machine-read.md, 22;
 * spec/machine-ops.md, 16.6).
 */

import { RpcError } from "../../../core/errors.ts";
import type { ContainerdInstance } from "../../../proto/gen/common/common.ts";
import type { ImageServiceImportRequest } from "../../../proto/gen/machine/image.ts";
import { timestamp } from "../changes.ts";
import type { SandboxNode } from "../node.ts";
import { type HandlerContext, implement } from "../service_group.ts";
import { ArchiveError, readImageArchive } from "../system/image_archive.ts";
import { downloadLayers, presentLayers } from "../system/image_download.ts";
import { findImage, type RegistryImage } from "../system/image_registry.ts";
import { type ImageNamespace, type ImageRecord, imageRecords } from "../system/images.ts";
import { compareCodePoints } from "../../../core/output/code_point_order.ts";

export const images = implement("machine.ImageService", {
  list: async function* ({ containerd }, { node }) {
    for (const image of imagesOf(node, imageNamespace(containerd))) {
      yield { ...shown(image), labels: { ...image.labels } };
    }
  },

  pull: async function* ({ containerd, imageRef }, context) {
    const namespace = imageNamespace(containerd);
    const image = findImage(imageRef);
    for await (const pullProgress of pullSteps(context, namespace, image)) yield { pullProgress };
    keep(context, namespace, image.reference);
    yield { name: image.name };
  },

  import: async (requests, context) => {
    const messages = requests[Symbol.asyncIterator]();
    const { value: first } = await messages.next();
    if (first?.containerd === undefined) {
      throw new RpcError("InvalidArgument", "containerd instance is required");
    }
    const namespace = imageNamespace(first.containerd);
    const [name, ...others] = await archivedNames(chunksOf(messages));
    if (name === undefined) {
      throw new RpcError("InvalidArgument", "no images imported from archive");
    }
    for (const each of [name, ...others]) keep(context, namespace, each);
    return { name };
  },

  remove: ({ containerd, imageRef }, { node }) => {
    if (node.images[imageNamespace(containerd)].delete(imageRef)) return {};
    throw new RpcError("NotFound", `image ${imageRef} not found`);
  },
});

export const machineImages = implement("machine.MachineService", {
  imageList: async function* ({ namespace }, { node }) {
    const containerd = { driver: "CRI", namespace } as const;
    for (const image of imagesOf(node, imageNamespace(containerd))) yield shown(image);
  },

  imagePull: async ({ namespace, reference }, context) => {
    const place = imageNamespace({ driver: "CRI", namespace });
    const image = findImage(reference);
    const steps = pullSteps(context, place, image)[Symbol.asyncIterator]();
    while (!(await steps.next()).done);
    keep(context, place, image.reference);
    return { messages: [{}] };
  },
});

/** What is there already is not downloaded again. */
async function* pullSteps(
  { cluster, node, signal }: HandlerContext,
  namespace: ImageNamespace,
  image: RegistryImage,
) {
  const isPresent = node.images[namespace].has(image.reference);
  yield* isPresent ? presentLayers(image) : downloadLayers(image, { clock: cluster.clock, signal });
}

function keep(
  { cluster, node }: HandlerContext,
  namespace: ImageNamespace,
  reference: string,
): void {
  const createdAt = cluster.clock.now();
  for (const record of imageRecords(node, { namespace, reference, createdAt })) {
    node.images[namespace].set(record.name, record);
  }
}

async function archivedNames(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  try {
    return await readImageArchive(chunks);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new RpcError("Internal", `failed to import image: ${error.message}`);
  }
}

async function* chunksOf(
  messages: AsyncIterator<ImageServiceImportRequest>,
): AsyncGenerator<Uint8Array> {
  while (true) {
    const { value, done } = await messages.next();
    if (done) return;
    if (value.imageChunk !== undefined) yield value.imageChunk.bytes;
  }
}

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
