/** Certificates and keys as the main document holds them: PEM in base64. */

import type { KeyedCertificate } from "../../pki/authority.ts";
import type { PlainMap } from "./plain.ts";

/** An authority, for nodes that issue; nothing where there is none. */
export function issuingPair(pair: KeyedCertificate | undefined): PlainMap | undefined {
  return pair && { crt: encoded(pair.certificatePem), key: encoded(pair.keyPem) };
}

/** An authority, for nodes that only trust it. */
export function trustedPair(pair: KeyedCertificate | undefined): PlainMap | undefined {
  return pair && { crt: encoded(pair.certificatePem), key: "" };
}

/** PEM in base64. */
export function encoded(pem: string): string {
  return new TextEncoder().encode(pem).toBase64();
}
