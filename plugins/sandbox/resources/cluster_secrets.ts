/** Ids and tokens that all nodes of a cluster have in common; they follow from the seed and protect nothing. */

import { seededRandom } from "../random.ts";
import type { ClusterFacts } from "./node_facts.ts";

/** What `gen secrets` would have made, without keys. */
export interface ClusterSecrets {
  /** 32 bytes in base64. */
  clusterId: string;
  /** 32 bytes in base64. */
  clusterSecret: string;
  /** Six and sixteen characters. */
  machineToken: string;
  /** In the same form. */
  bootstrapToken: string;
  /** 32 bytes in base64. */
  encryptionSecret: string;
}

/** The secrets of a cluster, the same at every call. */
export function clusterSecrets(
  { name, seed }: Pick<ClusterFacts, "name" | "seed">,
): ClusterSecrets {
  const random = seededRandom(seed, `${name}/cluster`);
  return {
    clusterId: random.bytes(32).toBase64(),
    clusterSecret: random.bytes(32).toBase64(),
    machineToken: `${random.bytes(3).toHex()}.${random.bytes(8).toHex()}`,
    bootstrapToken: `${random.bytes(3).toHex()}.${random.bytes(8).toHex()}`,
    encryptionSecret: random.bytes(32).toBase64(),
  };
}
