/** Apid of a node: takes a call, finds out who calls, and serves it here, there, or on many nodes (spec/client.md, 4). */

import { isIP } from "node:net";
import { RpcError } from "../../core/errors.ts";
import { aggregate } from "./aggregate.ts";
import type { Answer, Call, CallMetadata, Peer } from "./call.ts";
import { type SandboxCluster, strangerFault } from "./cluster.ts";
import { maintenanceNames } from "./certificates.ts";
import {
  brokenError,
  dialError,
  type Fault,
  misnamedDialError,
  strangerDialError,
} from "./faults.ts";
import { machined } from "./machined.ts";
import { isInMaintenance, type SandboxNode } from "./node.ts";
import { trustedAuthority } from "./node_authority.ts";
import { callerRoles, impersonator } from "./roles.ts";
import { route } from "./routing.ts";
import { sleep } from "../../core/sleep.ts";

/** How long a silent address is waited for (spec/client.md, 4.4). */
const connectTimeoutMs = 20_000;

/** Serves a call that arrived at `node`. */
export async function* apid(
  cluster: SandboxCluster,
  node: SandboxNode,
  call: Call,
  peer: Peer,
): AsyncGenerator<Uint8Array> {
  const maintenance = isInMaintenance(node);
  const roles = maintenance
    ? [isSideroLink(peer.remoteAddress) ? "os:admin" : "os:reader"]
    : callerRoles(peer.organizations ?? [], call.metadata.get("talos-role"));
  const decision = route(call.path, call.metadata, {
    routes: !maintenance,
    canForward: node.machineType === "controlplane",
    ownNames: [...node.addresses, node.hostname, node.name],
  });

  if (decision.to === "local") {
    yield* machined(cluster, node, withRoles(call, roles));
    return;
  }
  const onward = (target: string, outgoing: Call) =>
    forward({ cluster, from: node }, target, withProxyFrom(withRoles(outgoing, roles)));
  if (decision.to === "one") yield* onward(decision.target, call);
  else yield* aggregate(decision.targets, call, onward);
}

/** The second hop: to the apid of `target`, over a connection that exists in the imagination only. */
async function* forward(
  { cluster, from }: { cluster: SandboxCluster; from: SandboxNode },
  target: string,
  call: Call,
): AsyncGenerator<Uint8Array> {
  const node = cluster.find(target);
  const fault = node === undefined ? strangerFault(cluster, target) : node.fault;
  const address = target.replace(/^\[(.*)\]$/, "$1");
  if (fault !== undefined) await dial(cluster, address, fault, call.signal);
  if (node === undefined) throw new RpcError("Unavailable", `no node at ${target}`);
  if (!node.api.isUp) await dial(cluster, address, { kind: "down" }, call.signal);
  const isStranger =
    await trustedAuthority(cluster, node) !== await trustedAuthority(cluster, from);
  if (isInMaintenance(node)) {
    const { ipAddresses } = maintenanceNames({ hostname: node.name, addresses: node.addresses });
    const isMisnamed = isIP(address) !== 0 && !ipAddresses.includes(address);
    throw isMisnamed ? misnamedDialError(address, ipAddresses) : strangerDialError();
  }
  if (isStranger) throw strangerDialError();

  const { gone } = node.api;
  const incoming = { ...call, signal: AbortSignal.any([call.signal, gone]) };
  const peer = { organizations: [impersonator], remoteAddress: address };
  const whole = whileUp(apid(cluster, node, incoming, peer), gone, address);
  yield* fault?.kind === "reset" ? breaking(whole, fault.afterBytes ?? 0, address) : whole;
}

/** What a node answers ends with its API, as a broken connection; what was whole by then stays whole. */
async function* whileUp(
  answer: Answer,
  gone: AbortSignal,
  address: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* answer;
  } catch (error) {
    throw gone.aborted ? brokenError(address) : error;
  }
}

async function dial(
  cluster: SandboxCluster,
  address: string,
  fault: Fault,
  signal: AbortSignal,
): Promise<void> {
  const waitMs = fault.delayMs ?? (fault.kind === "black-hole" ? connectTimeoutMs : 0);
  if (waitMs > 0) await sleep(waitMs, signal);
  const error = dialError(fault.kind, address, cluster.clock.now());
  if (error !== undefined) throw error;
}

async function* breaking(
  answer: Answer,
  afterBytes: number,
  address: string,
): AsyncGenerator<Uint8Array> {
  let sentBytes = 0;
  for await (const message of answer) {
    sentBytes += message.length;
    if (sentBytes > afterBytes) break;
    yield message;
  }
  throw brokenError(address);
}

function withRoles(call: Call, roles: readonly string[]): Call {
  return { ...call, metadata: new Map([...call.metadata, ["talos-role", roles]]) };
}

function withProxyFrom(call: Call): Call {
  const metadata: CallMetadata = new Map([
    ...[...call.metadata].filter(([name]) => name !== "node" && name !== "nodes"),
    ["proxyfrom", [call.authority === "" ? "unknown" : call.authority]],
  ]);
  return { ...call, metadata };
}

/** SideroLink addresses: IPv6, first byte `fd`, eighth byte `03`. */
function isSideroLink(address: string): boolean {
  const groups = address.split(":");
  return /^fd[0-9a-f]{2}$/.test(groups[0] ?? "") && /^(..)?03$/.test(groups[3] ?? "");
}
