/** What etcd has on a node's disk, apart from its cluster: the node's files show it too. */

import type { SandboxNode } from "../node.ts";

/** The part of `/var/lib` that is etcd's. */
export interface EtcdNodeData {
  /** Its data directory holds nothing. */
  isEmpty: boolean;
  /** The snapshot that was uploaded for a recovery. */
  upload: Uint8Array | undefined;
}

const everyNode = new WeakMap<SandboxNode, EtcdNodeData>();

/** The data of a node, to be changed where something happens to them; there are some until then. */
export function etcdDataOf(node: SandboxNode): EtcdNodeData {
  const known = everyNode.get(node);
  if (known !== undefined) return known;
  const data = { isEmpty: false, upload: undefined };
  everyNode.set(node, data);
  return data;
}
