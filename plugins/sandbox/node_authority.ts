/** Whom the certificate of a node's API is from: the Talos CA of its configuration (spec/client.md, 6). */

import { type Authority, loadAuthority } from "../../core/pki/authority.ts";
import type { SandboxCluster } from "./cluster.ts";
import type { SandboxNode } from "./node.ts";

/** The Talos CA that a node trusts, in base64; nodes with another one do not talk to it. */
export async function trustedAuthority(
  cluster: SandboxCluster,
  node: SandboxNode,
): Promise<string> {
  return node.config?.authority?.certificate ?? await ownCertificate(cluster);
}

/**
 * The authority of a node, with its key. A worker has no key: control planes of the same cluster sign for it.
 *
 * @throws {Error} when nobody has the key, so that the node cannot have a certificate
 */
export async function authorityOf(cluster: SandboxCluster, node: SandboxNode): Promise<Authority> {
  const certificate = await trustedAuthority(cluster, node);
  if (certificate === await ownCertificate(cluster)) return await cluster.pki.authority();
  const known = [node, ...cluster.nodes].map(({ config }) => config?.authority);
  const signer = known.find((each) => each?.certificate === certificate && each.key !== "");
  if (signer === undefined) throw new Error(`${node.name}: nobody signs its certificate`);
  return await loadAuthority({
    certificatePem: textOfBase64(certificate),
    keyPem: textOfBase64(signer.key),
  });
}

async function ownCertificate({ pki }: SandboxCluster): Promise<string> {
  return new TextEncoder().encode((await pki.authority()).certificatePem).toBase64();
}

function textOfBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(text));
}
