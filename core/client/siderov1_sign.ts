/** The signature that a SideroV1 call bears: over some of its metadata and its method, by a PGP key (spec/client.md, 3.9). */

import type { PrivateKey } from "openpgp";

/** Who signs. */
export interface Signer {
  identity: string;
  key: PrivateKey;
}

/** The metadata that a signature covers, sorted as Go sorts the keys of a map; `node` is not among it. */
const coveredHeaders = [
  "authorization",
  "cluster",
  "context",
  "fieldSelectors",
  "namespace",
  "nodes",
  "runtime",
  "selectors",
  "uid",
  "x-sidero-timestamp",
] as const;

/**
 * The three headers that prove who calls `path`; to be made last, as later changes of covered
 * metadata would break the signature.
 */
export async function signCall(
  signer: Signer,
  path: string,
  metadata: Readonly<Record<string, string>>,
  now: Date,
): Promise<Record<string, string>> {
  const openpgp = await import("openpgp");
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const values: Record<string, string> = { ...metadata, "x-sidero-timestamp": timestamp };
  const headers = Object.fromEntries(coveredHeaders.map((name) => {
    const value = values[name.toLowerCase()];
    return [name, value === undefined ? null : [value]];
  }));
  const payload = JSON.stringify({ headers, method: path });
  const signature = await openpgp.sign({
    message: await openpgp.createMessage({ binary: new TextEncoder().encode(payload) }),
    signingKeys: signer.key,
    detached: true,
    format: "binary",
  });
  return {
    "x-sidero-timestamp": timestamp,
    "x-sidero-payload": payload,
    "x-sidero-signature":
      `siderov1 ${signer.identity} ${signer.key.getFingerprint()} ${signature.toBase64()}`,
  };
}
