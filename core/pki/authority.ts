/** Certificate authorities of the Talos API and what they issue (spec/client.md, 6). The X.509 library loads when asked. */

import type * as X509 from "@peculiar/x509";
import { encodePem } from "./pem.ts";

/** A certificate and its key; the key in PKCS#8 under Talos' label `ED25519 PRIVATE KEY`. */
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
}

const algorithm = { name: "Ed25519" } as const;
const usageOids: Record<KeyUsage, string> = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
};

/** Makes a new Ed25519 authority. Its subject key id is random, so that equal subjects stay apart. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const x509 = await import("@peculiar/x509");
  const keys = await generateKeys();
  const subject = nameOf({ organizations: options.organization ? [options.organization] : [] });
  const keyId = randomHex(20);

  const certificate = await x509.X509CertificateGenerator.create({
    ...common(subject, options),
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
    ],
  });

  return {
    ...await keyedCertificate(certificate, keys),
    issue: (request) => issueLeaf(x509, { issuer: subject, keyId, key: keys.privateKey }, request),
  };
}

interface Signer {
  issuer: X509.JsonName;
  keyId: string;
  key: CryptoKey;
}

async function issueLeaf(
  x509: typeof X509,
  signer: Signer,
  request: LeafRequest,
): Promise<KeyedCertificate> {
  const keys = await generateKeys();
  const names: X509.JsonGeneralNames = [
    ...(request.dnsNames ?? []).map((value) => ({ type: "dns", value }) as const),
    ...(request.ipAddresses ?? []).map((value) => ({ type: "ip", value }) as const),
  ];

  const certificate = await x509.X509CertificateGenerator.create({
    ...common(signer.issuer, request),
    subject: nameOf(request),
    publicKey: keys.publicKey,
    signingKey: signer.key,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ...(request.usage.length > 0
        ? [new x509.ExtendedKeyUsageExtension(request.usage.map((usage) => usageOids[usage]))]
        : []),
      new x509.AuthorityKeyIdentifierExtension(signer.keyId),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return await keyedCertificate(certificate, keys);
}

function common(issuer: X509.JsonName, { notBefore, lifetimeMs }: Validity) {
  return {
    serialNumber: randomSerial(),
    issuer,
    notBefore,
    notAfter: new Date(notBefore.getTime() + lifetimeMs),
    signingAlgorithm: algorithm,
  };
}

function nameOf(
  { commonName, organizations }: { commonName?: string; organizations?: readonly string[] },
): X509.JsonName {
  return [
    ...(commonName === undefined ? [] : [{ CN: [commonName] }]),
    ...(organizations && organizations.length > 0 ? [{ O: [...organizations] }] : []),
  ];
}

async function keyedCertificate(
  certificate: X509.X509Certificate,
  keys: CryptoKeyPair,
): Promise<KeyedCertificate> {
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    certificatePem: encodePem("CERTIFICATE", new Uint8Array(certificate.rawData)),
    keyPem: encodePem("ED25519 PRIVATE KEY", pkcs8),
  };
}

async function generateKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as CryptoKeyPair;
}

/** 128 bits, the first one 0 (a serial number is positive) and the second 1 (so that no byte is dropped). */
function randomSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toHex();
}

function randomHex(lengthBytes: number): string {
  return crypto.getRandomValues(new Uint8Array(lengthBytes)).toHex();
}
