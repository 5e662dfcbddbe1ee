/** What a node says about the layers of an image it pulls, as lines for the progress reporter (spec/machine-ops.md, 10.2). */

import type { ImageServicePullLayerProgress } from "../../proto/gen/machine/image.ts";
import { compareCodePoints } from "../output/code_point_order.ts";
import { formatDuration } from "../output/durations.ts";
import { goFixed } from "../output/go_float.ts";
import { formatIBytes } from "../output/sizes.ts";

/** The latest word on each layer, by its id. */
export type Layers = Map<string, ImageServicePullLayerProgress>;

/** All nodes with their layers, both sorted. */
export function layersText(nodes: ReadonlyMap<string, Layers>): string {
  return sorted(nodes).flatMap(([node, layers]) => [
    `${node}:`,
    ...sorted(layers).map(([, progress]) => `  ${layerText(progress)}`),
  ]).join("\n");
}

function sorted<T>(byName: ReadonlyMap<string, T>): [string, T][] {
  return [...byName].sort(([one], [other]) => compareCodePoints(one, other));
}

function layerText({ status, offset, total, elapsed }: ImageServicePullLayerProgress): string {
  switch (status) {
    case "DOWNLOADING": {
      const percent = Number(total) === 0 ? 0 : Number(offset) / Number(total) * 100;
      const sizes = `${formatIBytes(offset)}/${formatIBytes(total)}`;
      return `downloading layer ${sizes} (${goFixed(percent, 1)}%)`;
    }
    case "DOWNLOAD_COMPLETE":
      return "layer download complete";
    case "EXTRACTING":
      return `extracting layer (${formatDuration(elapsed ?? 0)})`;
    case "EXTRACT_COMPLETE":
      return "layer pull complete";
    case "ALREADY_EXISTS":
      return "layer already exists";
    default:
      return String(status);
  }
}
