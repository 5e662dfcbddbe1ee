/**
 * Certificates by the structures of `@peculiar/asn1-x509` (RFC 5280): read, and signed with WebCrypto. The package
 * `@peculiar/x509`, which wraps them, takes 12 ms more to load, and twice the time for each certificate: more
 * than all else that `gen config` does.
 */

import { ECDSASigValue } from "@peculiar/asn1-ecc";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage as KeyUsageBits,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity as ValidityDates,
  Version,
} from "@peculiar/asn1-x509";
import { compareCodePoints } from "../output/code_point_order.ts";
import { signatureAlgorithm } from "./private_key.ts";
import { randomSerial } from "./serial_number.ts";

/** A certificate that was read. */
export interface ReadCertificate {
  der: Uint8Array<ArrayBuffer>;
  subject: Name;
  /** Its key as `SubjectPublicKeyInfo`. */
  publicKeyDer: Uint8Array<ArrayBuffer>;
  notAfter: Date;
  /** It may issue others. */
  isAuthority: boolean;
  /** What its issuer calls its key; absent where it has no such extension. */
  keyId: ArrayBuffer | undefined;
  /** OIDs of the extended key usage; absent where it has no such extension. */
  usageOids: readonly string[] | undefined;
}

/**
 * Reads a certificate with the extensions that count here.
 *
 * @throws {Error} when it is malformed, in words about the library's own structures
 */
export function parseCertificate(der: Uint8Array<ArrayBuffer>): ReadCertificate {
  const { subject, subjectPublicKeyInfo, validity, extensions = [] } =
    AsnConvert.parse(der, Certificate).tbsCertificate;
  return {
    der,
    subject,
    publicKeyDer: new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo)),
    notAfter: validity.notAfter.getTime(),
    isAuthority: readExtension(extensions, id_ce_basicConstraints, BasicConstraints)?.cA ?? false,
    keyId: readExtension(extensions, id_ce_subjectKeyIdentifier, SubjectKeyIdentifier)?.buffer,
    usageOids: readExtension(extensions, id_ce_extKeyUsage, ExtendedKeyUsage),
  };
}

/** An extension's value; nothing where there is none. */
export function readExtension<T>(
  extensions: readonly Extension[],
  oid: string,
  type: new () => T,
): T | undefined {
  const found = extensions.find(({ extnID }) => extnID === oid);
  return found && AsnConvert.parse(found.extnValue, type);
}

const organizationOid = "2.5.4.10";
const commonNameOid = "2.5.4.3";

/** Every organization of a name, in order. */
export function organizationsOf(name: Name): string[] {
  return name.flatMap((part) => [...part]).filter(({ type }) => type === organizationOid)
    .map(({ value }) => value.toString());
}

/** A name as subjects have it: all organizations in one part, then the common name. */
export function nameOf(
  { commonName, organizations = [] }: {
    commonName?: string | undefined;
    organizations?: readonly string[];
  },
): Name {
  // DER orders the values of a part by their encoding: shorter ones first.
  const ordered = organizations.toSorted((a, b) => a.length - b.length || compareCodePoints(a, b));
  return new Name([
    ...ordered.length > 0 ? [namePart(organizationOid, ordered)] : [],
    ...commonName === undefined ? [] : [namePart(commonNameOid, [commonName])],
  ]);
}

function namePart(type: string, texts: readonly string[]): RelativeDistinguishedName {
  return new RelativeDistinguishedName(
    texts.map((text) => {
      const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
      const value = new AttributeValue(
        isPrintable ? { printableString: text } : { utf8String: text },
      );
      return new AttributeTypeAndValue({ type, value });
    }),
  );
}

/** What a certificate may be used for. */
export type KeyUsage = "clientAuth" | "serverAuth";

const usageOids: Record<KeyUsage, string> = {
  serverAuth: id_kp_serverAuth,
  clientAuth: id_kp_clientAuth,
};

/** The extensions that certificates and requests get here; what is absent or empty is left out. */
export interface ExtensionValues {
  /** The key may sign data, and what else is named. */
  keyUsage?: readonly ("keyCertSign" | "keyEncipherment")[];
  usage?: readonly KeyUsage[];
  isAuthority?: boolean;
  keyId?: ArrayBuffer;
  issuerKeyId?: ArrayBuffer | undefined;
  names?: readonly GeneralName[];
}

/** Extensions in the order in which certificates have them. */
export function extensionsOf(values: ExtensionValues): Extensions {
  const { keyUsage, usage = [], isAuthority = false, keyId, issuerKeyId, names = [] } = values;
  const flags = keyUsage?.reduce(
    (sum, name) => sum | KeyUsageFlags[name],
    KeyUsageFlags.digitalSignature,
  );
  return new Extensions([
    ...flags === undefined ? [] : [extension(id_ce_keyUsage, new KeyUsageBits(flags), true)],
    ...usage.length === 0
      ? []
      : [extension(id_ce_extKeyUsage, new ExtendedKeyUsage(usage.map((name) => usageOids[name])))],
    ...isAuthority
      ? [extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true)]
      : [],
    ...keyId === undefined
      ? []
      : [extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId))],
    ...issuerKeyId === undefined ? [] : [extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuerKeyId) }),
    )],
    ...names.length === 0
      ? []
      : [extension(id_ce_subjectAltName, new SubjectAlternativeName([...names]))],
  ]);
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({
    extnID,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

/** The names of a server, for its certificate. */
export function alternativeNames(
  { dnsNames = [], ipAddresses = [] }: {
    dnsNames?: readonly string[] | undefined;
    ipAddresses?: readonly string[] | undefined;
  },
): GeneralName[] {
  return [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
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
  issuer: Name;
  subject: Name;
  /** The key as `SubjectPublicKeyInfo`. */
  publicKeyDer: BufferSource;
  extensions: Extensions;
}

/** Makes a certificate, with a random serial number; DER. */
export async function signCertificate(
  { issuer, subject, publicKeyDer, extensions, notBefore, lifetimeMs }: CertificateContent,
  signingKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const signatureAlgorithm = signatureIdentifier(signingKey);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: randomSerial(),
    signature: signatureAlgorithm,
    issuer,
    validity: new ValidityDates({
      notBefore,
      notAfter: new Date(notBefore.getTime() + lifetimeMs),
    }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(publicKeyDer, SubjectPublicKeyInfo),
    extensions,
  });
  const signatureValue = await signDer(AsnConvert.serialize(tbsCertificate), signingKey);
  const certificate = new Certificate({ tbsCertificate, signatureAlgorithm, signatureValue });
  return new Uint8Array(AsnConvert.serialize(certificate));
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
const ed25519Oid = "1.3.101.112";

/** How a key signs, as what is signed says. */
export function signatureIdentifier(key: CryptoKey): AlgorithmIdentifier {
  const { name, hash } = signatureAlgorithm(key) as { name: string; hash?: unknown };
  if (name === "Ed25519") return new AlgorithmIdentifier({ algorithm: ed25519Oid });
  const hashName = typeof hash === "string" ? hash : (hash as Algorithm).name;
  const algorithm = (name === "ECDSA" ? ecdsaOids : rsaOids)[hashName];
  if (algorithm === undefined) throw new TypeError(`no signatures by ${name} with ${hashName}`);
  return name === "ECDSA"
    ? new AlgorithmIdentifier({ algorithm })
    : new AlgorithmIdentifier({ algorithm, parameters: null });
}

/** The name that WebCrypto has for the kind of key that a signature is of. */
export function signatureKeyName({ algorithm }: AlgorithmIdentifier): string {
  if (algorithm === ed25519Oid) return "Ed25519";
  return Object.values(ecdsaOids).includes(algorithm) ? "ECDSA" : "RSASSA-PKCS1-v1_5";
}

/** Signs DER, in the form that certificates and requests hold. */
export async function signDer(der: BufferSource, key: CryptoKey): Promise<ArrayBuffer> {
  const signature = await crypto.subtle.sign(signatureAlgorithm(key), key, der);
  if (key.algorithm.name !== "ECDSA") return signature;
  // WebCrypto puts the two numbers side by side.
  const half = signature.byteLength / 2;
  const r = positiveInteger(signature.slice(0, half));
  const s = positiveInteger(signature.slice(half));
  return AsnConvert.serialize(new ECDSASigValue({ r, s }));
}

/** The bytes of a number in the fewest that a DER integer can have, of which the first bit is the sign. */
function positiveInteger(number: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(number);
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.slice(start < 0 ? bytes.length - 1 : start);
  return (digits[0] ?? 0) < 0x80 ? digits.buffer : Uint8Array.of(0, ...digits).buffer;
}
