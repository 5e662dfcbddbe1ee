/** How an image comes to a node: its layers downloaded side by side, then unpacked one after the other, in simulated time. */

import type { DeepPartial } from "../../../core/client/talos.ts";
import type { ImageServicePullProgress } from "../../../proto/gen/machine/image.ts";
import type { SandboxClock } from "../clock.ts";
import type { RegistryImage } from "./image_registry.ts";

/** How often a node says how far it is. */
const stepMs = 250;
/** What comes of each layer in that time. */
const stepBytes = 8 * 1024 * 1024;

type Step = DeepPartial<ImageServicePullProgress>;

/** The progress of a download, as it goes; it ends early when the caller is gone. */
export async function* downloadLayers(
  { layers }: RegistryImage,
  { clock, signal }: { clock: SandboxClock; signal: AbortSignal },
): AsyncGenerator<Step> {
  const pause = async () => {
    await clock.until(new Date(clock.now().getTime() + stepMs), signal);
    signal.throwIfAborted();
  };

  let open = layers;
  for (let offset = 0; open.length > 0; offset += stepBytes) {
    for (const { id: layerId, sizeBytes } of open) {
      const total = String(sizeBytes);
      yield offset < sizeBytes
        ? { layerId, progress: { status: "DOWNLOADING", offset: String(offset), total } }
        : { layerId, progress: { status: "DOWNLOAD_COMPLETE", offset: total, total } };
    }
    open = open.filter(({ sizeBytes }) => offset < sizeBytes);
    if (open.length > 0) await pause();
  }
  for (const { id: layerId } of layers) {
    yield { layerId, progress: { status: "EXTRACTING" } };
    await pause();
    const elapsed = { seconds: "0", nanos: stepMs * 1e6 };
    yield { layerId, progress: { status: "EXTRACTING", elapsed } };
    yield { layerId, progress: { status: "EXTRACT_COMPLETE" } };
  }
}

/** The same of an image whose layers are all there. */
export function* presentLayers({ layers }: RegistryImage): Generator<Step> {
  for (const { id: layerId } of layers) {
    yield { layerId, progress: { status: "ALREADY_EXISTS" } };
  }
}
