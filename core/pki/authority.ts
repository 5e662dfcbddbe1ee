/** Certificate authorities of the Talos API and what they issue (spec/client.md, 6). The X.509 library loads when asked. */

import type * as X509 from "@peculiar/x509";
import { CliError } from "../errors.ts";
import { compareCodePoints } from "../output/code_point_order.ts";
import { decodePem, encodePem } from "./pem.ts";
import {
  generateKeyPair,
  importPrivateKey,
  type KeyKind,
  kindOf,
  privateKeyPem,
  signatureAlgorithm,
} from "./private_key.ts";
import { randomHex, randomSerial } from "./serial_number.ts";

/** A certificate and its key; an Ed25519 key is PKCS#8 under Talos' label `ED25519 PRIVATE KEY`. */
export interface KeyedCertificate {
  /** PEM `CERTIFICATE`. */
  certificatePem: string;
  /** PEM, the private key of the certificate. */
  keyPem: string;
}

/** From when and how long a certificate is valid. */
export interface Validity {
  /** Its first moment. */
  notBefore: Date;
  /** From there on. */
  lifetimeMs: number;
}

/** What a certificate may be used for. */
export type KeyUsage = "clientAuth" | "serverAuth";

/** What to put in a leaf certificate. */
export interface LeafRequest extends Validity {
  /** Whom it is for; absent leaves it out. */
  commonName?: string;
  /** Roles, for a client: all in one multi-valued name part. */
  organizations?: readonly string[];
  /** Exactly these; empty leaves the extension out. */
  usage: readonly KeyUsage[];
  /** The key may wrap others too, as Kubernetes wants it; default: it only signs. */
  enciphersKeys?: boolean;
  /** Names of a server. */
  dnsNames?: readonly string[];
  /** Addresses of a server. */
  ipAddresses?: readonly string[];
}

/** A certificate authority: its own certificate and key, and `issue`, which makes a new key each time. */
export interface Authority extends KeyedCertificate {
  /** Makes a key and a certificate for it. */
  issue(request: LeafRequest): Promise<KeyedCertificate>;
}

/** What sets one authority apart from another. */
export interface AuthorityOptions extends Validity {
  /** Talos' own is `talos`; absent is an empty subject, as maintenance mode has it. */
  organization?: string;
  /** Default Ed25519; what it issues follows it. */
  keyKind?: KeyKind;
  /** IPs in its own certificate, for one that is used as it is. */
  ipAddresses?: readonly string[];
}

const usageOids: Record<KeyUsage, string> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};

/** Makes a new authority. Its subject key id is random, so that equal subjects stay apart. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const x509 = await import("@peculiar/x509");
  const keys = await generateKeyPair(options.keyKind ?? "ed25519");
  const subject = nameOf(x509, {
    organizations: options.organization ? [options.organization] : [],
  });
  const keyId = randomHex(20);
  const names = ipNames(options.ipAddresses);

  const certificate = await x509.X509CertificateGenerator.create({
    ...common(keys.privateKey, options),
    issuer: subject,
    subject,
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([usageOids.serverAuth, usageOids.clientAuth]),
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectKeyIdentifierExtension(keyId),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });

  const signer = { issuer: certificate.subjectName, keyId, key: keys.privateKey };
  return {
    ...await keyedCertificate(certificate, keys),
    issue: (request) => issueLeaf(x509, signer, request),
  };
}

/**
 * An authority that exists already, from its PEM texts.
 *
 * @throws {CliError} when one of them cannot be read
 */
export async function loadAuthority(existing: KeyedCertificate): Promise<Authority> {
  const x509 = await import("@peculiar/x509");
  const certificate = await readCertificate(existing.certificatePem);
  const keyBlock = decodePem(existing.keyPem);
  if (keyBlock === undefined) throw new CliError("failed to parse PEM block");
  const { privateKey } = await importPrivateKey(keyBlock);
  const keyId = certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const signer = { issuer: certificate.subjectName, keyId, key: privateKey };
  return { ...existing, issue: (request) => issueLeaf(x509, signer, request) };
}

/**
 * The first certificate of a PEM text.
 *
 * @throws {CliError} `failed to parse PEM block`, or `failed to parse certificate: <reason>`
 */
export async function readCertificate(pem: string): Promise<X509.X509Certificate> {
  const x509 = await import("@peculiar/x509");
  const block = decodePem(pem);
  if (block === undefined) throw new CliError("failed to parse PEM block");
  try {
    const certificate = new x509.X509Certificate(block.der);
    // The library reads extensions when they are asked for: a broken one is to show here.
    void certificate.extensions;
    return certificate;
  } catch (cause) {
    throw new CliError("failed to parse certificate: x509: malformed certificate", { cause });
  }
}

/** Whether a certificate is for this key. */
export async function isCertificateOf(
  certificate: X509.X509Certificate,
  publicKey: CryptoKey,
): Promise<boolean> {
  const exported = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  return exported.toHex() === new Uint8Array(certificate.publicKey.rawData).toHex();
}

/** Whether a certificate may issue others. */
export async function isAuthority(certificate: X509.X509Certificate): Promise<boolean> {
  const x509 = await import("@peculiar/x509");
  return certificate.getExtension(x509.BasicConstraintsExtension)?.ca ?? false;
}

interface Signer {
  issuer: X509.Name;
  /** Absent where the authority's own certificate has none. */
  keyId: string | undefined;
  key: CryptoKey;
}

async function issueLeaf(
  x509: typeof X509,
  signer: Signer,
  request: LeafRequest,
): Promise<KeyedCertificate> {
  const keys = await generateKeyPair(kindOf(signer.key));
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const names: X509.JsonGeneralNames = [
    ...(request.dnsNames ?? []).map((value) => ({ type: "dns", value }) as const),
    ...ipNames(request.ipAddresses),
  ];

  const certificate = await x509.X509CertificateGenerator.create({
    ...common(signer.key, request),
    issuer: signer.issuer,
    subject: nameOf(x509, request),
    publicKey: keys.publicKey,
    signingKey: signer.key,
    extensions: [
      new x509.KeyUsagesExtension(
        request.enciphersKeys ? digitalSignature | keyEncipherment : digitalSignature,
        true,
      ),
      ...(request.usage.length > 0
        ? [new x509.ExtendedKeyUsageExtension(request.usage.map((usage) => usageOids[usage]))]
        : []),
      ...(signer.keyId === undefined
        ? []
        : [new x509.AuthorityKeyIdentifierExtension(signer.keyId)]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return await keyedCertificate(certificate, keys);
}

function common(signingKey: CryptoKey, { notBefore, lifetimeMs }: Validity) {
  return {
    serialNumber: randomSerial(),
    notBefore,
    notAfter: new Date(notBefore.getTime() + lifetimeMs),
    signingAlgorithm: signatureAlgorithm(signingKey),
  };
}

function ipNames(addresses: readonly string[] = []): X509.JsonGeneralNames {
  return addresses.map((value) => ({ type: "ip", value }));
}

/** A name as subjects have it: all organizations in one part, then the common name. */
export function nameOf(
  { Name }: typeof X509,
  { commonName, organizations = [] }: Pick<LeafRequest, "commonName" | "organizations">,
): X509.Name {
  // DER orders the values of a part by their encoding: shorter ones first.
  const ordered = organizations.toSorted((a, b) => a.length - b.length || compareCodePoints(a, b));
  return new Name([
    ...ordered.length > 0 ? [{ O: ordered.map(nameText) }] : [],
    ...commonName === undefined ? [] : [{ CN: [nameText(commonName)] }],
  ]);
}

/** Its kind is said, for the library looks for escapes and hexadecimal in a text of no kind. */
function nameText(text: string): X509.JsonAttributeObject {
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  return isPrintable ? { printableString: text } : { utf8String: text };
}

async function keyedCertificate(
  certificate: X509.X509Certificate,
  keys: CryptoKeyPair,
): Promise<KeyedCertificate> {
  return {
    certificatePem: encodePem("CERTIFICATE", new Uint8Array(certificate.rawData)),
    keyPem: await privateKeyPem(keys.privateKey),
  };
}
