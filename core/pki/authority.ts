/** Certificate authorities of the Talos API and what they issue (spec/client.md, 6). */

import type * as X509 from "@peculiar/x509";
import { CliError } from "../errors.ts";
import { addressBits } from "../machine_config/addresses.ts";
import { signCertificate } from "./certificate.ts";
import { extensions } from "./certificate_extensions.ts";
import { readCertificateFacts } from "./certificate_facts.ts";
import { writeName } from "./certificate_name.ts";
import { decodePem, encodePem } from "./pem.ts";
import {
  generateKeyPair,
  importPrivateKey,
  type KeyKind,
  kindOf,
  privateKeyPem,
} from "./private_key.ts";
import { randomHex, randomSerial } from "./serial_number.ts";

/** A certificate and its key; an Ed25519 key is PKCS#8 under Talos' label `ED25519 PRIVATE KEY`. */
export interface KeyedCertificate {
  certificatePem: string;
  keyPem: string;
}

/** From when and how long a certificate is valid. */
export interface Validity {
  notBefore: Date;
  lifetimeMs: number;
}

/** What a certificate may be used for. */
export type KeyUsage = "clientAuth" | "serverAuth";

/** What to put in a leaf certificate. */
export interface LeafRequest extends Validity {
  commonName?: string;
  /** Roles, for a client: all in one multi-valued name part. */
  organizations?: readonly string[];
  /** Exactly these; empty leaves the extension out. */
  usage: readonly KeyUsage[];
  /** The key may wrap others too, as Kubernetes wants it; default: it only signs. */
  enciphersKeys?: boolean;
  dnsNames?: readonly string[];
  ipAddresses?: readonly string[];
}

/** A certificate authority: its own certificate and key, and `issue`, which makes a new key each time. */
export interface Authority extends KeyedCertificate {
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
  const keys = await generateKeyPair(options.keyKind ?? "ed25519");
  const subject = nameOf({ organizations: options.organization ? [options.organization] : [] });
  const keyId = randomHex(20);
  const der = await signCertificate({
    ...common(options),
    issuer: subject,
    subject,
    publicKey: keys.publicKey,
    extensions: [
      extensions.keyUsage(["digitalSignature", "keyCertSign"]),
      extensions.extendedKeyUsage([usageOids.serverAuth, usageOids.clientAuth]),
      extensions.authority(),
      extensions.subjectKeyId(keyId),
      ...alternativeNames([], options.ipAddresses),
    ],
  }, keys.privateKey);

  const signer = { issuer: subject, keyId, key: keys.privateKey };
  return {
    ...await keyedCertificate(der, keys),
    issue: (request) => issueLeaf(signer, request),
  };
}

/**
 * An authority that exists already, from its PEM texts.
 *
 * @throws {CliError} when one of them cannot be read
 */
export async function loadAuthority(existing: KeyedCertificate): Promise<Authority> {
  const [certificate, keyBlock] = [existing.certificatePem, existing.keyPem].map(decodePem);
  if (certificate === undefined || keyBlock === undefined) {
    throw new CliError("failed to parse PEM block");
  }
  const { subject, subjectKeyId } = readCertificateFacts(certificate.der);
  const { privateKey } = await importPrivateKey(keyBlock);
  const signer = { issuer: subject, keyId: subjectKeyId, key: privateKey };
  return { ...existing, issue: (request) => issueLeaf(signer, request) };
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
    return new x509.X509Certificate(block.der);
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

interface Signer {
  /** Encoded. */
  issuer: Uint8Array;
  /** Absent where the authority's own certificate has none. */
  keyId: string | undefined;
  key: CryptoKey;
}

async function issueLeaf(signer: Signer, request: LeafRequest): Promise<KeyedCertificate> {
  const keys = await generateKeyPair(kindOf(signer.key));
  const der = await signCertificate({
    ...common(request),
    issuer: signer.issuer,
    subject: nameOf(request),
    publicKey: keys.publicKey,
    extensions: [
      extensions.keyUsage([
        "digitalSignature",
        ...request.enciphersKeys ? ["keyEncipherment"] as const : [],
      ]),
      ...request.usage.length > 0
        ? [extensions.extendedKeyUsage(request.usage.map((usage) => usageOids[usage]))]
        : [],
      ...signer.keyId === undefined ? [] : [extensions.authorityKeyId(signer.keyId)],
      ...alternativeNames(request.dnsNames, request.ipAddresses),
    ],
  }, signer.key);
  return await keyedCertificate(der, keys);
}

function common({ notBefore, lifetimeMs }: Validity) {
  return {
    serialNumber: randomSerial(),
    notBefore,
    notAfter: new Date(notBefore.getTime() + lifetimeMs),
  };
}

function alternativeNames(
  dnsNames: readonly string[] = [],
  ipAddresses: readonly string[] = [],
): Uint8Array[] {
  if (dnsNames.length + ipAddresses.length === 0) return [];
  return [extensions.alternativeNames(dnsNames, ipAddresses.map(addressBytes))];
}

function addressBytes(address: string): Uint8Array {
  const digits = address.includes(":") ? 32 : 8;
  return Uint8Array.fromHex(addressBits(address).toString(16).padStart(digits, "0"));
}

function nameOf(
  { commonName, organizations = [] }: { commonName?: string; organizations?: readonly string[] },
): Uint8Array {
  return writeName([
    ...organizations.length > 0 ? [{ attribute: "O", values: organizations } as const] : [],
    ...commonName === undefined ? [] : [{ attribute: "CN", values: [commonName] } as const],
  ]);
}

async function keyedCertificate(
  der: Uint8Array,
  keys: CryptoKeyPair,
): Promise<KeyedCertificate> {
  return {
    certificatePem: encodePem("CERTIFICATE", der),
    keyPem: await privateKeyPem(keys.privateKey),
  };
}
