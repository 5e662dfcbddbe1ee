/** Certificate authorities of the Talos API and what they issue (spec/client.md, 6). */

import { CliError } from "../errors.ts";
import {
  type CertificateContent,
  parseCertificate,
  type ReadCertificate,
  signCertificate,
  type Validity,
} from "./certificate.ts";
import type { Writable } from "./der.ts";
import { nameOf } from "./distinguished_name.ts";
import { alternativeNames, extensionsOf, type KeyUsage } from "./extensions.ts";
import { decodePem, encodePem } from "./pem.ts";
import {
  generateKeyPair,
  importPrivateKey,
  type KeyKind,
  kindOf,
  privateKeyPem,
  publicKeyOf,
} from "./private_key.ts";
import { randomBytes } from "./serial_number.ts";

export type { KeyUsage, Validity };

/** A certificate and its key; an Ed25519 key is PKCS#8 under Talos' label `ED25519 PRIVATE KEY`. */
export interface KeyedCertificate {
  /** PEM `CERTIFICATE`. */
  certificatePem: string;
  /** PEM, the private key of the certificate. */
  keyPem: string;
}

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

/** Makes a new authority. Its subject key id is random, so that equal subjects stay apart. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const keys = await generateKeyPair(options.keyKind ?? "ed25519");
  const { organization } = options;
  const subject = nameOf({ organizations: organization ? [organization] : [] });
  const keyId = randomBytes(20);
  const signer = { issuer: subject, keyId, key: keys.privateKey };

  const certified = await certify(keys, signer, {
    ...options,
    subject,
    extensions: extensionsOf({
      keyUsage: ["keyCertSign"],
      usage: ["serverAuth", "clientAuth"],
      isAuthority: true,
      keyId,
      names: alternativeNames(options),
    }),
  });
  return { ...certified, issue: (request) => issueLeaf(signer, request) };
}

/**
 * An authority that exists already, from its PEM texts.
 *
 * @throws {CliError} when one of them cannot be read
 */
export async function loadAuthority(existing: KeyedCertificate): Promise<Authority> {
  const { subject, keyId } = readCertificate(existing.certificatePem);
  const keyBlock = decodePem(existing.keyPem);
  if (keyBlock === undefined) throw new CliError("failed to parse PEM block");
  const signer = { issuer: subject, keyId, key: await importPrivateKey(keyBlock) };
  return { ...existing, issue: (request) => issueLeaf(signer, request) };
}

/**
 * The first certificate of a PEM text.
 *
 * @throws {CliError} `failed to parse PEM block`, or `failed to parse certificate: <reason>`
 */
export function readCertificate(pem: string): ReadCertificate {
  const block = decodePem(pem);
  if (block === undefined) throw new CliError("failed to parse PEM block");
  try {
    return parseCertificate(block.der);
  } catch (cause) {
    throw new CliError("failed to parse certificate: x509: malformed certificate", { cause });
  }
}

/** Whether a certificate is for this key. */
export async function isCertificateOf(
  { publicKeyDer }: Pick<ReadCertificate, "publicKeyDer">,
  privateKey: CryptoKey,
): Promise<boolean> {
  const publicKey = await publicKeyOf(privateKey);
  const exported = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  return exported.toHex() === publicKeyDer.toHex();
}

interface Signer {
  issuer: Writable;
  /** Absent where the authority's own certificate has none. */
  keyId: Uint8Array | undefined;
  key: CryptoKey;
}

async function issueLeaf(signer: Signer, request: LeafRequest): Promise<KeyedCertificate> {
  return await certify(await generateKeyPair(kindOf(signer.key)), signer, {
    ...request,
    subject: nameOf(request),
    extensions: extensionsOf({
      keyUsage: request.enciphersKeys ? ["keyEncipherment"] : [],
      usage: request.usage,
      issuerKeyId: signer.keyId,
      names: alternativeNames(request),
    }),
  });
}

async function certify(
  keys: CryptoKeyPair,
  { issuer, key }: Signer,
  content: Omit<CertificateContent, "issuer" | "publicKeyDer">,
): Promise<KeyedCertificate> {
  const publicKeyDer = new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey));
  const der = await signCertificate({ ...content, issuer, publicKeyDer }, key);
  return {
    certificatePem: encodePem("CERTIFICATE", der),
    keyPem: await privateKeyPem(keys.privateKey),
  };
}
