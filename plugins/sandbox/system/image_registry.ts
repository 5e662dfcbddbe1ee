/** The registries that simulated nodes pull from: every image is there, but those whose repository is called `nosuch` or `x`. */

import { RpcError } from "../../../core/errors.ts";
import { seededRandom } from "../random.ts";
import { imageFacts } from "./images.ts";

/** An image in a registry. */
export interface RegistryImage {
  /** As the user wrote it, completed. */
  reference: string;
  /** `<repository>@<digest>`, or the reference where it has a digest. */
  name: string;
  layers: readonly { id: string; sizeBytes: number }[];
}

/** Digests of layers and their share of the image's size. */
const layerShares = [0.7, 0.3];

/** Finds an image, or refuses as a node does (spec/machine-ops.md, 10.2 and 16.6). */
export function findImage(typed: string): RegistryImage {
  const reference = completeReference(typed);
  const { repository, digest, sizeBytes } = imageFacts(reference);
  if (/\/(nosuch|x)$/.test(repository)) {
    const resolve = `failed to resolve reference "${reference}": ${reference}: not found`;
    throw new RpcError(
      "NotFound",
      `error pulling image: failed to pull image "${reference}": ${resolve}`,
    );
  }
  const random = seededRandom(0, `layers of ${reference}`);
  return {
    reference,
    name: reference.includes("@") ? reference : `${repository}@${digest}`,
    layers: layerShares.map((share) => ({
      id: `sha256:${random.bytes(32).toHex()}`,
      sizeBytes: Math.round(sizeBytes * share),
    })),
  };
}

const segment = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const referenceForm = new RegExp(
  `^(?:[\\w.-]+(?::\\d+)?/)?${segment}(?:/${segment})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[\\da-f]{64})?$`,
);

/** With registry, repository and tag. */
function completeReference(typed: string): string {
  if (!referenceForm.test(typed)) {
    throw new RpcError(
      "Unknown",
      `failed to parse image reference "${typed}": invalid reference format`,
    );
  }
  const [first = "", ...rest] = typed.split("/");
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const official = rest.length === 0 ? `library/${typed}` : typed;
  const complete = isRegistry ? typed : `docker.io/${official}`;
  return /[:@][^/]*$/.test(complete.slice(complete.indexOf("/"))) ? complete : `${complete}:latest`;
}
