/** Looking into X.509 certificates: what must be known to issue with them and to trust them. */

import { CliError } from "../errors.ts";
import { extensionOids } from "./certificate_extensions.ts";
import { type DerElement, derTag, readDer, readInside, readOid } from "./der.ts";

/** What of a certificate is looked at. */
export interface CertificateFacts {
  /** Encoded. */
  subject: Uint8Array<ArrayBuffer>;
  /** Encoded, as WebCrypto exports it as `spki`. */
  publicKey: Uint8Array<ArrayBuffer>;
  notAfter: Date;
  isAuthority: boolean;
  /** In hexadecimal; absent where it has none. */
  subjectKeyId: string | undefined;
}

/**
 * Looks into a certificate.
 *
 * @throws {CliError} `failed to parse certificate: x509: malformed certificate`
 */
export function readCertificateFacts(der: Uint8Array<ArrayBuffer>): CertificateFacts {
  try {
    return readFacts(der);
  } catch (cause) {
    if (!(cause instanceof CliError)) throw cause;
    throw new CliError("failed to parse certificate: x509: malformed certificate", { cause });
  }
}

function readFacts(der: Uint8Array<ArrayBuffer>): CertificateFacts {
  const [signed] = readInside(der, derTag.sequence);
  const fields = readDer(present(signed).content).filter(({ tag }) => tag !== 0xa0);
  const [, , , validity, subject, publicKey, ...optional] = fields;
  const [, notAfter] = readDer(present(validity).content);
  const list = optional.find(({ tag }) => tag === 0xa3);
  const given = list === undefined ? [] : readInside(list.content, derTag.sequence);
  const extension = (name: keyof typeof extensionOids) => {
    const parts = given.map(({ content }) => readDer(content))
      .find(([oid]) => readOid(present(oid)) === extensionOids[name]);
    return parts?.find(({ tag }) => tag === derTag.octetString)?.content;
  };
  const [constraint] = readDerOr(extension("basicConstraints"));
  const [isAuthority] = constraint === undefined ? [] : readDer(constraint.content);
  const [keyId] = readDerOr(extension("subjectKeyId"));
  return {
    subject: present(subject).whole,
    publicKey: present(publicKey).whole,
    notAfter: readTime(present(notAfter)),
    isAuthority: isAuthority?.tag === derTag.boolean && isAuthority.content[0] !== 0,
    subjectKeyId: keyId?.content.toHex(),
  };
}

function readDerOr(bytes: Uint8Array<ArrayBuffer> | undefined): DerElement[] {
  return bytes === undefined ? [] : readDer(bytes);
}

function present(element: DerElement | undefined): DerElement {
  if (element === undefined) throw new CliError("asn1: structure error");
  return element;
}

function readTime({ tag, content }: DerElement): Date {
  const text = new TextDecoder().decode(content);
  const digits = tag === derTag.utcTime
    ? `${Number(text.slice(0, 2)) < 50 ? 20 : 19}${text}`
    : text;
  const time = new Date(
    digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Number.isNaN(time.getTime())) throw new CliError("asn1: structure error");
  return time;
}
