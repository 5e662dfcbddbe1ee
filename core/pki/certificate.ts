/** Certificates (RFC 5280): read, and signed with WebCrypto. */

import { ipBytes } from "../ip_address.ts";
import {
  algorithm,
  bits,
  checkInteger,
  type DerValue,
  implicit,
  integer,
  isTagged,
  octets,
  oid,
  oidOf,
  partsOf,
  present,
  readDer,
  sequence,
  set,
  tagged,
  untagged,
  type Writable,
  writeDer,
  yes,
} from "./der.ts";
import { derText, derTime, momentOf, textOf } from "./der_text.ts";
import { ed25519Oid } from "./key_forms.ts";
import { signatureAlgorithm } from "./private_key.ts";
import { randomSerial } from "./serial_number.ts";

/** A certificate that was read. */
export interface ReadCertificate {
  der: Uint8Array<ArrayBuffer>;
  serialNumber: DerValue;
  issuer: DerValue;
  subject: DerValue;
  /** Its key as `SubjectPublicKeyInfo`. */
  publicKeyDer: Uint8Array<ArrayBuffer>;
  notAfter: Date;
  /** It may issue others. */
  isAuthority: boolean;
  /** What its issuer calls its key; absent where it has no such extension. */
  keyId: Uint8Array | undefined;
  /** OIDs of the extended key usage; absent where it has no such extension. */
  usageOids: readonly string[] | undefined;
}

/**
 * Reads a certificate with the extensions that count here.
 *
 * @throws {Error} when it is malformed, in words about DER
 */
export function parseCertificate(der: Uint8Array<ArrayBuffer>): ReadCertificate {
  const [signed, signedBy, signature] = partsOf(readDer(der));
  oidOf(partsOf(signedBy)[0]);
  present(signature).bitString();

  const parts = [...partsOf(signed)];
  if (isTagged(parts[0], 0)) checkInteger(untagged(parts.shift()));
  const [serialNumber, , issuer, validity, subject, publicKey, ...optional] = parts;
  checkInteger(serialNumber);
  const [, notAfter] = partsOf(validity).map(momentOf);
  if (notAfter === undefined) throw new Error("it has no end");
  for (const name of [issuer, subject]) namePartsOf(present(name));
  const [keyAlgorithm, key] = partsOf(publicKey);
  oidOf(partsOf(keyAlgorithm)[0]);
  present(key).bitString();
  const extensions = optional.find((part) => isTagged(part, 3));
  const valueOf = extensions === undefined
    ? () => undefined
    : extensionReader(untagged(extensions));
  const constraints = valueOf("basicConstraints");
  const usage = valueOf("extendedKeyUsage");
  return {
    der,
    serialNumber: present(serialNumber),
    issuer: present(issuer),
    subject: present(subject),
    publicKeyDer: writeDer(present(publicKey)),
    notAfter,
    isAuthority: constraints !== undefined && isAuthority(constraints),
    keyId: valueOf("subjectKeyId")?.octetString().value,
    usageOids: usage && partsOf(usage).map(oidOf),
  };
}

const extensionOids = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

/** Reads values of `Extensions`; undefined for one that is not there. */
function extensionReader(
  extensions: DerValue,
): (name: keyof typeof extensionOids) => DerValue | undefined {
  const values = new Map(
    partsOf(extensions).map((extension) => {
      const parts = partsOf(extension);
      // Whether it is critical stands between the two, and only where it is.
      return [oidOf(parts[0]), present(parts.at(-1)).octetString().value] as const;
    }),
  );
  return (name) => {
    const value = values.get(extensionOids[name]);
    return value && readDer(value);
  };
}

/** Its first part says so, where there is one. */
function isAuthority(basicConstraints: DerValue): boolean {
  const [first] = partsOf(basicConstraints);
  return first?.tag === 1 && first.boolean().value;
}

/** The other names in `Extensions`, for whom it has them; none where it lacks them. */
export function alternativeNamesIn(extensions: DerValue): readonly DerValue[] {
  const names = extensionReader(extensions)("alternativeNames");
  return names === undefined ? [] : partsOf(names);
}

/** Whether a name is a DNS name or an IP address. */
export function isHostName(name: DerValue): boolean {
  return isTagged(name, dnsNameTag) || isTagged(name, ipAddressTag);
}

const dnsNameTag = 2;
const ipAddressTag = 7;

const organizationOid = "2.5.4.10";
const commonNameOid = "2.5.4.3";

/** Every organization of a name, in order. */
export function organizationsOf(name: DerValue): string[] {
  return namePartsOf(name).filter(([type]) => type === organizationOid)
    .map(([, value]) => textOf(value));
}

/** Types and values of a name's parts. */
function namePartsOf(name: DerValue): [type: string, value: DerValue][] {
  return partsOf(name).flatMap((part) => part.set().elements)
    .map((pair) => {
      const [type, value] = partsOf(pair);
      return [oidOf(type), present(value)];
    });
}

/** A name as subjects have it: all organizations in one part, then the common name. */
export function nameOf(
  { commonName, organizations = [] }: {
    commonName?: string | undefined;
    organizations?: readonly string[];
  },
): Writable {
  return sequence(
    ...organizations.length > 0 ? [namePart(organizationOid, organizations)] : [],
    ...commonName === undefined ? [] : [namePart(commonNameOid, [commonName])],
  );
}

function namePart(type: string, texts: readonly string[]): Writable {
  return set(...texts.map((text) => sequence(oid(type), derText(text))));
}

/** What a certificate may be used for. */
export type KeyUsage = "clientAuth" | "serverAuth";

const usageOids: Record<KeyUsage, string> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};

/** The bits of a key usage, the first one highest. */
const keyUsageBits = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5 } as const;

/** The extensions that certificates and requests get here; what is absent or empty is left out. */
export interface ExtensionValues {
  /** The key may sign data, and what else is named. */
  keyUsage?: readonly ("keyCertSign" | "keyEncipherment")[];
  usage?: readonly KeyUsage[];
  isAuthority?: boolean;
  keyId?: Uint8Array;
  issuerKeyId?: Uint8Array | undefined;
  names?: readonly Writable[];
}

/** `Extensions`, in the order in which certificates have them. */
export function extensionsOf(values: ExtensionValues): Writable {
  const { keyUsage, usage = [], isAuthority = false, keyId, issuerKeyId, names = [] } = values;
  const { subjectKeyId, authorityKeyId, alternativeNames, basicConstraints } = extensionOids;
  const usages = usage.map((name) => oid(usageOids[name]));
  return sequence(
    ...keyUsage === undefined ? [] : [keyUsageExtension(keyUsage)],
    ...usages.length === 0 ? [] : [extension(extensionOids.extendedKeyUsage, sequence(...usages))],
    ...isAuthority ? [criticalExtension(basicConstraints, sequence(yes))] : [],
    ...keyId === undefined ? [] : [extension(subjectKeyId, octets(keyId))],
    ...issuerKeyId === undefined
      ? []
      : [extension(authorityKeyId, sequence(implicit(0, issuerKeyId)))],
    ...names.length === 0 ? [] : [extension(alternativeNames, sequence(...names))],
  );
}

function keyUsageExtension(names: NonNullable<ExtensionValues["keyUsage"]>): Writable {
  const numbers: number[] = [
    keyUsageBits.digitalSignature,
    ...names.map((name) => keyUsageBits[name]),
  ];
  const byte = numbers.reduce((sum, number) => sum | 0x80 >> number, 0);
  return criticalExtension(
    extensionOids.keyUsage,
    bits(Uint8Array.of(byte), Math.max(...numbers) + 1),
  );
}

function extension(type: string, value: Writable): Writable {
  return sequence(oid(type), octets(writeDer(value)));
}

function criticalExtension(type: string, value: Writable): Writable {
  return sequence(oid(type), yes, octets(writeDer(value)));
}

/** The names of a server, for its certificate. */
export function alternativeNames(
  { dnsNames = [], ipAddresses = [] }: {
    dnsNames?: readonly string[] | undefined;
    ipAddresses?: readonly string[] | undefined;
  },
): Writable[] {
  return [
    ...dnsNames.map((name) => implicit(dnsNameTag, new TextEncoder().encode(name))),
    ...ipAddresses.map((address) => implicit(ipAddressTag, ipBytes(address))),
  ];
}

/** From when and how long a certificate is valid. */
export interface Validity {
  /** Its first moment. */
  notBefore: Date;
  /** From there on. */
  lifetimeMs: number;
}

/** What a certificate says. */
export interface CertificateContent extends Validity {
  issuer: Writable;
  subject: Writable;
  /** The key as `SubjectPublicKeyInfo`. */
  publicKeyDer: Uint8Array;
  extensions: Writable;
}

/** Versions are counted from 0. */
const version3 = 2;

/** Makes a certificate, with a random serial number; DER. */
export async function signCertificate(
  { issuer, subject, publicKeyDer, extensions, notBefore, lifetimeMs }: CertificateContent,
  signingKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const notAfter = new Date(notBefore.getTime() + lifetimeMs);
  return await signedDer(
    sequence(
      tagged(0, integer(Uint8Array.of(version3))),
      integer(randomSerial()),
      signatureIdentifier(signingKey),
      issuer,
      sequence(derTime(notBefore), derTime(notAfter)),
      subject,
      readDer(publicKeyDer),
      tagged(3, extensions),
    ),
    signingKey,
  );
}

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
function signatureIdentifier(key: CryptoKey): Writable {
  const { name, hash } = signatureAlgorithm(key) as { name: string; hash?: unknown };
  if (name === "Ed25519") return algorithm(ed25519Oid);
  const hashName = typeof hash === "string" ? hash : (hash as Algorithm).name;
  const type = (name === "ECDSA" ? ecdsaOids : rsaOids)[hashName];
  if (type === undefined) throw new TypeError(`no signatures by ${name} with ${hashName}`);
  return name === "ECDSA" ? algorithm(type) : algorithm(type, "null");
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
