/** The members of etcd: who they are, and who of them is there. */

import { dialError } from "../faults.ts";
import type { SandboxNode } from "../node.ts";
import { seededRandom } from "../random.ts";
import { etcdDataOf } from "./node_data.ts";

/** A member of etcd. */
export interface EtcdMember {
  readonly node: SandboxNode;
  /** 16 hex digits. */
  readonly id: string;
  /** It takes no part in votes before that. */
  readonly votesFrom: Date;
  /** Pages of its database file, free ones included. */
  databasePages: number;
}

/** The id of a node's membership, another one each time that it joins. */
export function etcdMemberId({ nodeId }: SandboxNode, joinCount: number): string {
  const label = joinCount === 0 ? nodeId : `${nodeId}/${joinCount}`;
  return seededRandom(0, `${label}/etcd`).bytes(8).toHex();
}

/** The id as the API has it. */
export function decimalId(id: string): string {
  return BigInt(`0x${id}`).toString();
}

/** Where the others find it, and where clients do. */
export function memberUrls({ node }: EtcdMember): { peerUrls: string[]; clientUrls: string[] } {
  const address = node.addresses[0] ?? "";
  return { peerUrls: [`https://${address}:2380`], clientUrls: [`https://${address}:2379`] };
}

/** Whether its etcd runs, and the others reach it. */
export function isThere({ node }: EtcdMember, at: Date): boolean {
  const { services, fault } = node;
  if (services.get("etcd")?.state !== "Running" || etcdDataOf(node).isEmpty) return false;
  return fault === undefined || dialError(fault.kind, "", at) === undefined;
}

/** How many of so many voters have to agree. */
export function quorumOf(voterCount: number): number {
  return Math.floor(voterCount / 2) + 1;
}
