/** Certificates (RFC 5280): read, and signed with WebCrypto. */

import {
  checkInteger,
  type DerValue,
  integer,
  isTagged,
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
import { derTime, momentOf } from "./der_text.ts";
import { namePartsOf } from "./distinguished_name.ts";
import { extensionReader } from "./extensions.ts";
import { randomSerial } from "./serial_number.ts";
import { signatureIdentifier, signedDer } from "./signature.ts";

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

/** Its first part says so, where there is one. */
function isAuthority(basicConstraints: DerValue): boolean {
  const [first] = partsOf(basicConstraints);
  return first?.tag === 1 && first.boolean().value;
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
