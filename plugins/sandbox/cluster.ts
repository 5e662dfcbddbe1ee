/** The nodes of a sandbox together: who is there, under which names, and what all of them share. */

import { isIP } from "node:net";
import type { ClusterPki } from "./certificates.ts";
import type { SandboxClock } from "./clock.ts";
import { rememberFounders } from "./etcd/founders.ts";
import type { Fault } from "./faults.ts";
import { createKubernetes, type SimulatedKubernetes } from "./kubernetes/api.ts";
import { createKubernetesPki, type KubernetesPki } from "./kubernetes_pki.ts";
import type { SandboxNode } from "./node.ts";

/** The world of the nodes. */
export interface SandboxCluster {
  readonly name: string;
  readonly nodes: readonly SandboxNode[];
  readonly clock: SandboxClock;
  readonly pki: ClusterPki;
  readonly kubernetesPki: KubernetesPki;
  readonly kubernetes: SimulatedKubernetes;
  /** What is wrong with addresses and names where no node is. */
  readonly strangers: Map<string, Fault>;
  /** Finds a node by address (brackets allowed), hostname, name or the loopback address that its listener has for itself. */
  find(name: string): SandboxNode | undefined;
}

/** The nodes with an index of their names. */
export function createCluster(
  parts: Pick<SandboxCluster, "name" | "nodes" | "clock" | "pki">,
): SandboxCluster {
  rememberFounders(parts.clock, parts.nodes);
  let index = new Map<string, SandboxNode>();
  const kubernetesPki = createKubernetesPki();
  return {
    ...parts,
    kubernetesPki,
    kubernetes: createKubernetes({ ...parts, pki: kubernetesPki }),
    strangers: new Map(),
    find: (name) => {
      const key = name.replace(/^\[(.*)\]$/, "$1");
      const known = index.get(key);
      if (known !== undefined && namesOf(known).includes(key)) return known;
      // A node may have been renamed since.
      index = new Map(parts.nodes.flatMap((node) => namesOf(node).map((name) => [name, node])));
      return index.get(key);
    },
  };
}

/** What dialling a target where no node is comes to: nobody at an address, an unknown name. */
export function strangerFault(cluster: SandboxCluster, target: string): Fault {
  const known = cluster.strangers.get(target);
  if (known !== undefined) return known;
  if (isIP(target.replace(/^\[(.*)\]$/, "$1")) === 0) return { kind: "unknown-name" };
  // On its own loopback network a machine answers for every address.
  return { kind: target.startsWith("127.") ? "down" : "no-route" };
}

function namesOf(node: SandboxNode): readonly string[] {
  const host = node.endpoint?.replace(/:\d+$/, "");
  // The usual loopback address may be that of several listeners.
  const own = host === undefined || host === "127.0.0.1" || host === "::1" ? [] : [host];
  return [...node.addresses, node.hostname, node.name, ...own];
}
