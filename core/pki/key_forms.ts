/** The DER forms of private keys: PKCS#8, SEC 1 and PKCS#1 (spec/machine-config.md, 4.2). With the libraries that read them. */

import { ECParameters, ECPrivateKey } from "@peculiar/asn1-ecc";
import { PrivateKeyInfo } from "@peculiar/asn1-pkcs8";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { CliError } from "../errors.ts";

const rsaOid = "1.2.840.113549.1.1.1";
const ecOid = "1.2.840.10045.2.1";
const ed25519Oid = "1.3.101.112";
const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
};

/**
 * How WebCrypto names the algorithm of a PKCS#8 key.
 *
 * @throws {CliError} with Go's text where it is one of the other two forms
 */
export async function pkcs8Algorithm(
  der: Uint8Array<ArrayBuffer>,
  rsaHash: string,
): Promise<Algorithm> {
  const info = await parseOr(der, PrivateKeyInfo, () => otherForm(der));
  const { algorithm, parameters } = info.privateKeyAlgorithm;
  if (algorithm === ed25519Oid) return { name: "Ed25519" };
  if (algorithm === rsaOid) {
    return { name: "RSASSA-PKCS1-v1_5", hash: rsaHash } as RsaHashedImportParams;
  }
  if (algorithm === ecOid && parameters !== undefined && parameters !== null) {
    const { namedCurve: oid = "" } = AsnConvert.parse(parameters, ECParameters);
    const namedCurve = curves[oid];
    if (namedCurve === undefined) throw new CliError(`x509: unsupported elliptic curve ${oid}`);
    return { name: "ECDSA", namedCurve } as EcKeyImportParams;
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
  failure: () => CliError | Promise<CliError>,
): Promise<T> {
  try {
    return AsnConvert.parse(der, type);
  } catch {
    // The library's text is about its own classes; what it is instead is what helps.
    throw await failure();
  }
}

/** Go's error for a key that is not in PKCS#8. */
async function otherForm(der: Uint8Array<ArrayBuffer>): Promise<CliError> {
  const { RSAPrivateKey } = await import("@peculiar/asn1-rsa");
  for (const [type, parser] of [[RSAPrivateKey, "PKCS1"], [ECPrivateKey, "EC"]] as const) {
    if (isA(der, type)) {
      return new CliError(
        `x509: failed to parse private key (use Parse${parser}PrivateKey instead for this key format)`,
      );
    }
  }
  return new CliError("x509: failed to parse private key: it is no PKCS#8");
}

function isA(der: Uint8Array<ArrayBuffer>, type: new () => unknown): boolean {
  try {
    AsnConvert.parse(der, type);
    return true;
  } catch {
    // That it cannot be read as this form is the answer.
    return false;
  }
}

/** An RSA key as PKCS#8. */
export function pkcs8OfPkcs1(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return wrap(der, { algorithm: rsaOid, parameters: new Uint8Array([5, 0]).buffer });
}

/** An EC key that names its curve as PKCS#8. */
export async function pkcs8OfSec1(
  der: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const failure = () => new CliError("x509: failed to parse EC private key");
  const { parameters } = await parseOr(der, ECPrivateKey, failure);
  if (parameters === undefined) throw failure();
  return wrap(der, { algorithm: ecOid, parameters: AsnConvert.serialize(parameters) });
}

function wrap(
  der: Uint8Array<ArrayBuffer>,
  algorithm: { algorithm: string; parameters: ArrayBuffer },
): Uint8Array<ArrayBuffer> {
  const info = new PrivateKeyInfo({
    privateKeyAlgorithm: new AlgorithmIdentifier(algorithm),
    privateKey: new OctetString(der),
  });
  return new Uint8Array(AsnConvert.serialize(info));
}

/** The PKCS#1 key inside a PKCS#8 one. */
export function pkcs1OfPkcs8(der: Uint8Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(AsnConvert.parse(der, PrivateKeyInfo).privateKey.buffer);
}

/** The SEC 1 key inside a PKCS#8 one. */
export function sec1OfPkcs8(der: Uint8Array<ArrayBuffer>): Uint8Array {
  const { privateKey, privateKeyAlgorithm } = AsnConvert.parse(der, PrivateKeyInfo);
  const key = AsnConvert.parse(privateKey.buffer, ECPrivateKey);
  // Inside PKCS#8 the curve stands outside the key; standing alone the key must name it.
  const { parameters } = privateKeyAlgorithm;
  key.parameters = AsnConvert.parse(parameters ?? new ArrayBuffer(0), ECParameters);
  key.privateKey = new OctetString(key.privateKey.buffer);
  return new Uint8Array(AsnConvert.serialize(key));
}
