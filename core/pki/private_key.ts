/** Private keys in the forms that Talos and Kubernetes keep them: PKCS#8, SEC 1 and PKCS#1 (spec/machine-config.md, 4.2). */

import { CliError } from "../errors.ts";
import {
  type DerElement,
  derTag,
  readDer,
  readInside,
  readOid,
  writeDer,
  writeOid,
} from "./der.ts";
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
export async function privateKeyPem(privateKey: CryptoKey): Promise<string> {
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const { name: algorithmName } = privateKey.algorithm;
  if (algorithmName === "Ed25519") return encodePem("ED25519 PRIVATE KEY", pkcs8);

  const [, algorithm, inner] = readInside(pkcs8, derTag.sequence);
  const key = inner?.content ?? new Uint8Array();
  if (algorithm === undefined) throw new TypeError("the runtime exported no PKCS#8");
  return algorithmName === "ECDSA"
    ? encodePem("EC PRIVATE KEY", withCurve(key, algorithm))
    : encodePem("RSA PRIVATE KEY", key);
}

/** Inside PKCS#8 the curve stands outside the key; standing alone the key must name it. */
function withCurve(key: Uint8Array<ArrayBuffer>, algorithm: DerElement): Uint8Array {
  const [, curve] = readDer(algorithm.content);
  const parts = readInside(key, derTag.sequence);
  const isBefore = ({ tag }: DerElement) => tag < 0xa0;
  return writeDer(
    derTag.sequence,
    ...parts.filter(isBefore).map(({ whole }) => whole),
    writeDer(0xa0, curve?.whole ?? new Uint8Array()),
    ...parts.filter(({ tag }) => tag === 0xa1).map(({ whole }) => whole),
  );
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
): Promise<CryptoKeyPair> {
  switch (label) {
    case "PRIVATE KEY":
    case "ED25519 PRIVATE KEY":
      return await importPkcs8(der, options);
    case "RSA PRIVATE KEY":
      return await importPkcs8(wrapPkcs1(der), options);
    case "EC PRIVATE KEY":
      return await importPkcs8(wrapSec1(der), options);
    default:
      throw new CliError(`unsupported key type: ${JSON.stringify(label)}`);
  }
}

const rsaOid = "1.2.840.113549.1.1.1";
const ecOid = "1.2.840.10045.2.1";
const ed25519Oid = "1.3.101.112";
const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
};

/**
 * Reads a PKCS#8 key.
 *
 * @throws {CliError} with Go's text where it is one of the other two forms
 */
export async function importPkcs8(
  der: Uint8Array<ArrayBuffer>,
  { rsaHash = "SHA-512" }: ImportOptions = {},
): Promise<CryptoKeyPair> {
  const { algorithm, publicPart } = pkcs8Algorithm(der, rsaHash);
  try {
    const privateKey = await crypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
    const jwk = await crypto.subtle.exportKey("jwk", privateKey);
    const publicJwk = Object.fromEntries(
      [...publicPart, "kty", "crv"].flatMap((name) => {
        const value = jwk[name as keyof JsonWebKey];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const publicKey = await crypto.subtle.importKey("jwk", publicJwk, algorithm, true, ["verify"]);
    return { privateKey, publicKey };
  } catch (cause) {
    throw new CliError("x509: failed to parse private key: it is not whole", { cause });
  }
}

/** How WebCrypto names the algorithm of a PKCS#8 key, and the members of its JWK that are public. */
function pkcs8Algorithm(der: Uint8Array<ArrayBuffer>, rsaHash: string) {
  const [oid, parameters] = algorithmParts(der);
  const algorithm = readOid(oid);
  if (algorithm === ed25519Oid) return { algorithm: { name: "Ed25519" }, publicPart: ["x"] };
  if (algorithm === rsaOid) {
    return { algorithm: { name: "RSASSA-PKCS1-v1_5", hash: rsaHash }, publicPart: ["n", "e"] };
  }
  if (algorithm === ecOid && parameters?.tag === derTag.oid) {
    const curve = readOid(parameters);
    const namedCurve = curves[curve];
    if (namedCurve === undefined) throw new CliError(`x509: unsupported elliptic curve ${curve}`);
    return { algorithm: { name: "ECDSA", namedCurve }, publicPart: ["x", "y"] };
  }
  throw new CliError(
    `x509: PKCS#8 wrapping contained private key with unknown algorithm: ${
      algorithm.replaceAll(".", " ")
    }`,
  );
}

function algorithmParts(der: Uint8Array<ArrayBuffer>): [DerElement, DerElement | undefined] {
  const form = formOf(der);
  if (form === "PKCS#8") {
    const [, algorithm] = readInside(der, derTag.sequence);
    const [oid, parameters] = algorithm === undefined ? [] : readDer(algorithm.content);
    if (oid?.tag === derTag.oid) return [oid, parameters];
  }
  throw new CliError(
    form === "PKCS1" || form === "EC"
      ? `x509: failed to parse private key (use Parse${form}PrivateKey instead for this key format)`
      : "x509: failed to parse private key: it is no PKCS#8",
  );
}

/** Which of the three forms bytes have, as far as their outer elements tell. */
function formOf(der: Uint8Array<ArrayBuffer>): "PKCS#8" | "PKCS1" | "EC" | undefined {
  let tags: readonly number[];
  try {
    tags = readInside(der, derTag.sequence).map(({ tag }) => tag);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return undefined;
  }
  const { integer, octetString, sequence } = derTag;
  if (tags[0] !== integer) return undefined;
  if (tags[1] === sequence && tags[2] === octetString) return "PKCS#8";
  if (tags[1] === octetString) return "EC";
  return tags.length >= 9 && tags.every((tag) => tag === integer) ? "PKCS1" : undefined;
}

function wrapPkcs1(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return wrap(der, writeOid(rsaOid), writeDer(derTag.null));
}

function wrapSec1(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts = formOf(der) === "EC" ? readInside(der, derTag.sequence) : [];
  const curve = parts.find(({ tag }) => tag === 0xa0);
  if (curve === undefined) throw new CliError("x509: failed to parse EC private key");
  return wrap(der, writeOid(ecOid), curve.content);
}

/** Puts a key of another form into PKCS#8. */
function wrap(
  der: Uint8Array<ArrayBuffer>,
  ...algorithm: Uint8Array[]
): Uint8Array<ArrayBuffer> {
  return writeDer(
    derTag.sequence,
    writeDer(derTag.integer, Uint8Array.of(0)),
    writeDer(derTag.sequence, ...algorithm),
    writeDer(derTag.octetString, der),
  );
}
