/** Private keys in the forms that Talos and Kubernetes keep them: PKCS#8, SEC 1 and PKCS#1 (spec/machine-config.md, 4.2). */

import { CliError } from "../errors.ts";
import {
  pkcs1OfPkcs8,
  pkcs8Algorithm,
  pkcs8OfPkcs1,
  pkcs8OfSec1,
  sec1OfPkcs8,
} from "./key_forms.ts";
import { encodePem, type PemContent } from "./pem.ts";

/** What keys are made of. */
export type KeyKind = "ed25519" | "ecdsa-p256" | "rsa-2048" | "rsa-4096";

/** Makes a new key; RSA with 4096 bits takes seconds, on a thread of its own. */
export async function generateKeyPair(kind: KeyKind): Promise<CryptoKeyPair> {
  const pair = await crypto.subtle.generateKey(generation(kind), true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError(`a key of kind ${kind} is no pair`);
  return pair;
}

function generation(kind: KeyKind): AlgorithmIdentifier {
  switch (kind) {
    case "ed25519":
      return { name: "Ed25519" };
    case "ecdsa-p256":
      return { name: "ECDSA", namedCurve: "P-256" } as EcKeyGenParams;
    case "rsa-2048":
    case "rsa-4096":
      return {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-512",
        modulusLength: kind === "rsa-2048" ? 2048 : 4096,
        publicExponent: new Uint8Array([1, 0, 1]),
      } as RsaHashedKeyGenParams;
  }
}

/** How a key signs certificates: by its kind, RSA always with SHA-512. */
export function signatureAlgorithm(key: CryptoKey): Algorithm | EcdsaParams {
  if (key.algorithm.name !== "ECDSA") return key.algorithm;
  const { namedCurve } = key.algorithm as EcKeyAlgorithm;
  return { name: "ECDSA", hash: namedCurve === "P-384" ? "SHA-384" : "SHA-256" };
}

/** The kind of key that certificates of an authority are given: its own. */
export function kindOf(key: CryptoKey): KeyKind {
  if (key.algorithm.name === "Ed25519") return "ed25519";
  return key.algorithm.name === "ECDSA" ? "ecdsa-p256" : "rsa-4096";
}

/** A key as PEM, in the form and under the label that Talos uses for its kind. */
export async function privateKeyPem(key: CryptoKey): Promise<string> {
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
  if (key.algorithm.name === "Ed25519") return encodePem("ED25519 PRIVATE KEY", pkcs8);
  return key.algorithm.name === "ECDSA"
    ? encodePem("EC PRIVATE KEY", sec1OfPkcs8(pkcs8))
    : encodePem("RSA PRIVATE KEY", pkcs1OfPkcs8(pkcs8));
}

/** How an RSA key is to sign; default SHA-512, as in certificates. */
export interface ImportOptions {
  rsaHash?: "SHA-256" | "SHA-512";
}

/**
 * Reads a key of any of the forms that a bundle may hold.
 *
 * @throws {CliError} `unsupported key type: "<label>"`, or that it holds no key
 */
export async function importPrivateKey(
  { label, der }: PemContent,
  options: ImportOptions = {},
): Promise<CryptoKey> {
  switch (label) {
    case "PRIVATE KEY":
    case "ED25519 PRIVATE KEY":
      return await importPkcs8(der, options);
    case "RSA PRIVATE KEY":
      return await importPkcs8(pkcs8OfPkcs1(der), options);
    case "EC PRIVATE KEY":
      return await importPkcs8(pkcs8OfSec1(der), options);
    default:
      throw new CliError(`unsupported key type: ${JSON.stringify(label)}`);
  }
}

/**
 * Reads a PKCS#8 key.
 *
 * @throws {CliError} with Go's text where it is one of the other two forms
 */
export async function importPkcs8(
  der: Uint8Array<ArrayBuffer>,
  { rsaHash = "SHA-512" }: ImportOptions = {},
): Promise<CryptoKey> {
  const algorithm = pkcs8Algorithm(der, rsaHash);
  try {
    return await crypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
  } catch (cause) {
    throw broken(cause);
  }
}

function broken(cause: unknown): CliError {
  return new CliError("x509: failed to parse private key: it is not whole", { cause });
}

const publicMembers = ["kty", "crv", "x", "y", "n", "e"] as const;

/**
 * The public half of a key.
 *
 * @throws {CliError} when the key's halves do not make one
 */
export async function publicKeyOf(privateKey: CryptoKey): Promise<CryptoKey> {
  try {
    const jwk = await crypto.subtle.exportKey("jwk", privateKey);
    const publicJwk: JsonWebKey = Object.fromEntries(
      publicMembers.flatMap((name) => jwk[name] === undefined ? [] : [[name, jwk[name]]]),
    );
    return await crypto.subtle.importKey("jwk", publicJwk, privateKey.algorithm, true, ["verify"]);
  } catch (cause) {
    throw broken(cause);
  }
}
