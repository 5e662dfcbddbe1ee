/** KubeSpan: the encrypted mesh of those nodes whose configuration asks for it, as one of them sees the others. */

import { dialError } from "../faults.ts";
import type { SandboxNode } from "../node.ts";
import { uptimeSeconds } from "../system/hardware.ts";
import { type NodeFacts, nodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const kubeSpanSources: Sources = {
  "KubeSpanPeerStatuses.kubespan.talos.dev": (facts) =>
    isInMesh(facts.node)
      ? facts.cluster.nodes()
        .filter((peer) => peer !== facts.node && isInMesh(peer))
        .map((peer) => peerStatus(facts, peer))
      : [],
};

const portOfMesh = 51_820;
/** How often the keys of a connection are made anew. */
const handshakeSeconds = 120;
const receivedPerSecond = 27;
const sentPerSecond = 38;

/** Whether the configuration turns it on. */
function isInMesh(node: SandboxNode): boolean {
  return settingsOf(node).kubeSpan.isEnabled;
}

function peerStatus({ node, cluster }: NodeFacts, peer: SandboxNode): ResourceSeed {
  const now = cluster.clock.now();
  const endpoint = `${peer.addresses[0]}:${portOfMesh}`;
  const isUp = peer.fault === undefined || dialError(peer.fault.kind, endpoint, now) === undefined;
  // Since both are up.
  const seconds = Math.min(uptimeSeconds(node, now), uptimeSeconds(peer, now));
  const startedMs = Math.max(node.bootedAt.getTime(), peer.bootedAt.getTime());
  const handshakes = Math.floor(seconds / handshakeSeconds);
  return {
    id: Uint8Array.fromHex(nodeFacts(peer, cluster).hex("kubespan", 64)).toBase64(),
    owner: "kubespan.ManagerController",
    spec: {
      endpoint,
      label: peer.hostname,
      state: isUp ? "up" : "down",
      receiveBytes: Math.floor(seconds * receivedPerSecond),
      transmitBytes: Math.floor(seconds * sentPerSecond),
      lastHandshakeTime: new Date(startedMs + handshakes * handshakeSeconds * 1000),
      lastUsedEndpoint: endpoint,
      lastEndpointChange: new Date(startedMs),
    },
  };
}
