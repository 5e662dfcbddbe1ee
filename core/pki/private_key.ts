/** Private keys in the forms that Talos and Kubernetes keep them: PKCS#8, SEC 1 and PKCS#1 (spec/machine-config.md, 4.2). */

import { CliError } from "../errors.ts";
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

  const { AsnConvert, OctetString } = await import("@peculiar/asn1-schema");
  const { PrivateKeyInfo } = await import("@peculiar/asn1-pkcs8");
  const info = AsnConvert.parse(pkcs8, PrivateKeyInfo);
  const inner = info.privateKey.buffer;
  if (key.algorithm.name !== "ECDSA") return encodePem("RSA PRIVATE KEY", new Uint8Array(inner));

  const { ECParameters, ECPrivateKey } = await import("@peculiar/asn1-ecc");
  const ecKey = AsnConvert.parse(inner, ECPrivateKey);
  // Inside PKCS#8 the curve stands outside the key; standing alone the key must name it.
  ecKey.parameters = AsnConvert.parse(
    info.privateKeyAlgorithm.parameters ?? new ArrayBuffer(0),
    ECParameters,
  );
  ecKey.privateKey = new OctetString(ecKey.privateKey.buffer);
  return encodePem("EC PRIVATE KEY", new Uint8Array(AsnConvert.serialize(ecKey)));
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
      return await importPkcs8(await wrapPkcs1(der), options);
    case "EC PRIVATE KEY":
      return await importPkcs8(await wrapSec1(der), options);
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
  const { algorithm, publicPart } = await pkcs8Algorithm(der, rsaHash);
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
async function pkcs8Algorithm(der: Uint8Array<ArrayBuffer>, rsaHash: string) {
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  const { PrivateKeyInfo } = await import("@peculiar/asn1-pkcs8");
  const info = await parseOr(der, PrivateKeyInfo, () => otherForm(der));
  const { algorithm, parameters } = info.privateKeyAlgorithm;
  if (algorithm === ed25519Oid) return { algorithm: { name: "Ed25519" }, publicPart: ["x"] };
  if (algorithm === rsaOid) {
    return { algorithm: { name: "RSASSA-PKCS1-v1_5", hash: rsaHash }, publicPart: ["n", "e"] };
  }
  if (algorithm === ecOid && parameters !== undefined && parameters !== null) {
    const { ECParameters } = await import("@peculiar/asn1-ecc");
    const { namedCurve: oid = "" } = AsnConvert.parse(parameters, ECParameters);
    const namedCurve = curves[oid];
    if (namedCurve === undefined) throw new CliError(`x509: unsupported elliptic curve ${oid}`);
    return { algorithm: { name: "ECDSA", namedCurve }, publicPart: ["x", "y"] };
  }
  throw new CliError(
    `x509: PKCS#8 wrapping contained private key with unknown algorithm: ${
      algorithm.replaceAll(".", " ")
    }`,
  );
}

async function parseOr<T>(
  der: Uint8Array<ArrayBuffer>,
  type: new () => T,
  failure: () => Promise<CliError>,
): Promise<T> {
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  try {
    return AsnConvert.parse(der, type);
  } catch {
    // The library's text is about its own classes; what it is instead is what helps.
    throw await failure();
  }
}

/** Go's error for a key that is not in PKCS#8. */
async function otherForm(der: Uint8Array<ArrayBuffer>): Promise<CliError> {
  const { ECPrivateKey } = await import("@peculiar/asn1-ecc");
  const { RSAPrivateKey } = await import("@peculiar/asn1-rsa");
  for (const [type, parser] of [[RSAPrivateKey, "PKCS1"], [ECPrivateKey, "EC"]] as const) {
    if (await isA(der, type)) {
      return new CliError(
        `x509: failed to parse private key (use Parse${parser}PrivateKey instead for this key format)`,
      );
    }
  }
  return new CliError("x509: failed to parse private key: it is no PKCS#8");
}

async function isA(der: Uint8Array<ArrayBuffer>, type: new () => unknown): Promise<boolean> {
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  try {
    AsnConvert.parse(der, type);
    return true;
  } catch {
    // That it cannot be read as this form is the answer.
    return false;
  }
}

async function wrapPkcs1(der: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await wrap(der, { algorithm: rsaOid, parameters: new Uint8Array([5, 0]).buffer });
}

async function wrapSec1(der: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  const { ECPrivateKey } = await import("@peculiar/asn1-ecc");
  const failure = () => Promise.resolve(new CliError("x509: failed to parse EC private key"));
  const { parameters } = await parseOr(der, ECPrivateKey, failure);
  if (parameters === undefined) throw await failure();
  return await wrap(der, { algorithm: ecOid, parameters: AsnConvert.serialize(parameters) });
}

/** Puts a key of another form into PKCS#8. */
async function wrap(
  der: Uint8Array<ArrayBuffer>,
  algorithm: { algorithm: string; parameters: ArrayBuffer },
): Promise<Uint8Array<ArrayBuffer>> {
  const { AsnConvert, OctetString } = await import("@peculiar/asn1-schema");
  const { AlgorithmIdentifier } = await import("@peculiar/asn1-x509");
  const { PrivateKeyInfo } = await import("@peculiar/asn1-pkcs8");
  const info = new PrivateKeyInfo({
    privateKeyAlgorithm: new AlgorithmIdentifier(algorithm),
    privateKey: new OctetString(der),
  });
  return new Uint8Array(AsnConvert.serialize(info));
}
