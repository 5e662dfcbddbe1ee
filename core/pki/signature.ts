/** Signatures of DER: how they are named in it, and in which form they stand in it (RFC 5280, 4.1.1). */

import {
  algorithm,
  bits,
  type DerValue,
  integer,
  none,
  oidOf,
  partsOf,
  sequence,
  type Writable,
  writeDer,
} from "./der.ts";
import { ed25519Oid } from "./key_forms.ts";
import { signatureAlgorithm } from "./private_key.ts";

/** What certificates and requests are: a content, how it was signed, and the signature. */
export async function signedDer(
  content: Writable,
  key: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const signature = await signDer(writeDer(content), key);
  return writeDer(sequence(content, signatureIdentifier(key), bits(signature)));
}

const ecdsaOids: Readonly<Record<string, string>> = {
  "SHA-256": "1.2.840.10045.4.3.2",
  "SHA-384": "1.2.840.10045.4.3.3",
};
const rsaOids: Readonly<Record<string, string>> = {
  "SHA-256": "1.2.840.113549.1.1.11",
  "SHA-384": "1.2.840.113549.1.1.12",
  "SHA-512": "1.2.840.113549.1.1.13",
};

/** How a key signs, as what is signed says. */
export function signatureIdentifier(key: CryptoKey): Writable {
  const { name, hash } = signatureAlgorithm(key) as { name: string; hash?: unknown };
  if (name === "Ed25519") return algorithm(ed25519Oid);
  const hashName = typeof hash === "string" ? hash : (hash as Algorithm).name;
  const type = (name === "ECDSA" ? ecdsaOids : rsaOids)[hashName];
  if (type === undefined) throw new TypeError(`no signatures by ${name} with ${hashName}`);
  return name === "ECDSA" ? algorithm(type) : algorithm(type, none);
}

/** The name that WebCrypto has for the kind of key that a signature is of. */
export function signatureKeyName(identifier: DerValue | undefined): string {
  const type = oidOf(partsOf(identifier)[0]);
  if (type === ed25519Oid) return "Ed25519";
  return Object.values(ecdsaOids).includes(type) ? "ECDSA" : "RSASSA-PKCS1-v1_5";
}

/** Signs DER, in the form that certificates and requests hold. */
export async function signDer(der: BufferSource, key: CryptoKey): Promise<Uint8Array> {
  const signature = new Uint8Array(
    await crypto.subtle.sign(signatureAlgorithm(key), key, der),
  );
  if (key.algorithm.name !== "ECDSA") return signature;
  // WebCrypto puts the two numbers side by side.
  const half = signature.length / 2;
  const numbers = [signature.subarray(0, half), signature.subarray(half)].map(integer);
  return writeDer(sequence(...numbers));
}
