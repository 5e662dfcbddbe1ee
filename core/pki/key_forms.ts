/** The DER forms of private keys: PKCS#8, SEC 1 and PKCS#1 (spec/machine-config.md, 4.2). */

import { CliError } from "../errors.ts";
import {
  algorithm,
  checkInteger,
  type DerValue,
  integer,
  isTagged,
  none,
  octets,
  oid,
  oidOf,
  partsOf,
  present,
  readDer,
  sequence,
  tagged,
  untagged,
  type Writable,
  writeDer,
} from "./der.ts";

/** Keys by RSA, and signatures where the digest is named beside. */
export const rsaOid = "1.2.840.113549.1.1.1";
const ecOid = "1.2.840.10045.2.1";
/** Keys by Ed25519, and their signatures. */
export const ed25519Oid = "1.3.101.112";
const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
};

/**
 * How WebCrypto names the algorithm of a PKCS#8 key.
 *
 * @throws {CliError} with Go's text where it is one of the other two forms
 */
export function pkcs8Algorithm(der: Uint8Array<ArrayBuffer>, rsaHash: string): Algorithm {
  const { type, parameters } = readOr(() => readPkcs8(der), () => otherForm(der));
  if (type === ed25519Oid) return { name: "Ed25519" };
  if (type === rsaOid) {
    return { name: "RSASSA-PKCS1-v1_5", hash: rsaHash } as RsaHashedImportParams;
  }
  if (type === ecOid && parameters !== undefined) {
    const curve = oidOf(parameters);
    const namedCurve = curves[curve];
    if (namedCurve === undefined) throw new CliError(`x509: unsupported elliptic curve ${curve}`);
    return { name: "ECDSA", namedCurve } as EcKeyImportParams;
  }
  throw new CliError(
    `x509: PKCS#8 wrapping contained private key with unknown algorithm: ${
      type.replaceAll(".", " ")
    }`,
  );
}

/** The parts of a PKCS#8 key. */
interface Pkcs8 {
  /** The OID of its algorithm. */
  type: string;
  parameters: DerValue | undefined;
  privateKey: Uint8Array;
}

function readPkcs8(der: Uint8Array<ArrayBuffer>): Pkcs8 {
  const [version, identifier, key] = partsOf(readDer(der));
  checkInteger(version);
  const [type, parameters] = partsOf(identifier);
  return { type: oidOf(type), parameters, privateKey: present(key).octetString().value };
}

/** The parts of a SEC 1 key; the last two may be absent. */
interface Sec1 {
  version: DerValue;
  privateKey: DerValue;
  parameters: DerValue | undefined;
  publicKey: DerValue | undefined;
}

function readSec1(der: Uint8Array): Sec1 {
  const [version, privateKey, ...optional] = partsOf(readDer(der));
  checkInteger(version);
  present(privateKey).octetString();
  return {
    version: present(version),
    privateKey: present(privateKey),
    parameters: optional.find((part) => isTagged(part, 0)),
    publicKey: optional.find((part) => isTagged(part, 1)),
  };
}

/** A key that cannot be read fails in words about what it is instead, not about DER. */
function readOr<T>(read: () => T, failure: () => CliError): T {
  try {
    return read();
  } catch {
    throw failure();
  }
}

/** Go's error for a key that is not in PKCS#8. */
function otherForm(der: Uint8Array<ArrayBuffer>): CliError {
  const forms = [[readPkcs1, "PKCS1"], [readSec1, "EC"]] as const;
  const name = forms.find(([read]) => isReadable(() => read(der)))?.[1];
  return new CliError(
    name === undefined
      ? "x509: failed to parse private key: it is no PKCS#8"
      : `x509: failed to parse private key (use Parse${name}PrivateKey instead for this key format)`,
  );
}

/** A version, and the numbers of an RSA key: two of the public half, six of the private one. */
function readPkcs1(der: Uint8Array<ArrayBuffer>): void {
  const parts = partsOf(readDer(der));
  parts.slice(0, 9).forEach(checkInteger);
  if (parts.length < 9) throw new Error("numbers are missing");
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    // That it cannot be read as this form is the answer.
    return false;
  }
}

/** An RSA key as PKCS#8. */
export function pkcs8OfPkcs1(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return writePkcs8(algorithm(rsaOid, none), der);
}

/** An EC key that names its curve as PKCS#8. */
export function pkcs8OfSec1(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const failure = () => new CliError("x509: failed to parse EC private key");
  const { parameters } = readOr(() => readSec1(der), failure);
  if (parameters === undefined) throw failure();
  return writePkcs8(algorithm(ecOid, untagged(parameters)), der);
}

function writePkcs8(identifier: Writable, der: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeDer(sequence(integer(Uint8Array.of(0)), identifier, octets(der)));
}

/** The PKCS#1 key inside a PKCS#8 one. */
export function pkcs1OfPkcs8(der: Uint8Array<ArrayBuffer>): Uint8Array {
  return readPkcs8(der).privateKey;
}

/** The SEC 1 key inside a PKCS#8 one. */
export function sec1OfPkcs8(der: Uint8Array<ArrayBuffer>): Uint8Array {
  const { parameters, privateKey: inner } = readPkcs8(der);
  const { version, privateKey, publicKey } = readSec1(inner);
  // Inside PKCS#8 the curve stands outside the key; standing alone the key must name it.
  return writeDer(
    sequence(
      version,
      privateKey,
      tagged(0, oid(oidOf(parameters))),
      ...publicKey === undefined ? [] : [publicKey],
    ),
  );
}
