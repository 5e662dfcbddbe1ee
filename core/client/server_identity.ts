/** Whether the certificate a server showed is the expected one, with the words of the official client when not (spec/client.md, 3.6). */

import type { X509Certificate } from "node:crypto";
import { isIpAddress } from "../ip_address.ts";

/** What a handshake brought to light. */
export interface ServerIdentity {
  certificate: X509Certificate;
  /** The host that was asked for: a name, or an address without brackets. */
  host: string;
  /** The TLS stack's verdict about the chain; undefined where it is trusted. */
  chainError: string | undefined;
  /** The authorities that were trusted. */
  authorities: readonly X509Certificate[];
  now: Date;
}

/** Why a server is not trusted, in the order in which Go looks: dates, then names, then the chain; undefined if it is. */
export function serverIdentityProblem(identity: ServerIdentity): string | undefined {
  const problem = validityProblem(identity.certificate, identity.now) ?? hostProblem(identity) ??
    chainProblem(identity);
  return problem && `tls: failed to verify certificate: x509: ${problem}`;
}

function validityProblem(certificate: X509Certificate, now: Date): string | undefined {
  const notBefore = new Date(certificate.validFrom);
  const notAfter = new Date(certificate.validTo);
  const side = now < notBefore
    ? `before ${rfc3339(notBefore)}`
    : now > notAfter
    ? `after ${rfc3339(notAfter)}`
    : undefined;
  return side &&
    `certificate has expired or is not yet valid: current time ${rfc3339(now)} is ${side}`;
}

/** Only the alternative names count: a common name is no longer believed. */
function hostProblem({ certificate, host }: ServerIdentity): string | undefined {
  const names = alternativeNames(certificate.subjectAltName ?? "");
  if (isIpAddress(host)) {
    const wanted = canonicalAddress(host);
    if (names.addresses.includes(wanted)) return undefined;
    return names.addresses.length === 0
      ? `cannot validate certificate for ${host} because it doesn't contain any IP SANs`
      : `certificate is valid for ${names.addresses.join(", ")}, not ${host}`;
  }
  if (names.dns.some((pattern) => matchesName(pattern, host))) return undefined;
  return names.dns.length === 0
    ? `certificate is not valid for any names, but wanted to match ${host}`
    : `certificate is valid for ${names.dns.join(", ")}, not ${host}`;
}

/** From the form `DNS:a, IP Address:10.0.0.1`; names with odd characters come quoted and match nothing. */
function alternativeNames(text: string): { dns: string[]; addresses: string[] } {
  const dns: string[] = [];
  const addresses: string[] = [];
  for (const entry of text.split(", ")) {
    const [, kind, value = ""] = /^(DNS|IP Address):(.*)$/.exec(entry) ?? [];
    if (kind === "DNS") dns.push(value);
    if (kind === "IP Address") addresses.push(canonicalAddress(value));
  }
  return { dns, addresses };
}

/** Addresses in the one form that can be compared; a URL's host is normalised so. */
function canonicalAddress(address: string): string {
  if (!address.includes(":") || !URL.canParse(`http://[${address}]`)) return address;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** Whole names regardless of case; a `*` stands for exactly one first label. */
function matchesName(pattern: string, host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, "").split(".");
  const labels = pattern.toLowerCase().replace(/\.$/, "").split(".");
  return labels.length === wanted.length &&
    labels.every((label, index) => label === wanted[index] || index === 0 && label === "*");
}

/** Authorities of the same name but another key are the usual mistake: a context of another cluster. */
function chainProblem(
  { certificate, chainError, authorities }: ServerIdentity,
): string | undefined {
  if (chainError === undefined) return undefined;
  if (!isUnknownAuthority(chainError)) return chainError.toLowerCase().replaceAll("_", " ");
  const namesake = authorities.find(({ subject }) => subject === certificate.issuer);
  if (!namesake) return "certificate signed by unknown authority";
  return `certificate signed by unknown authority (possibly because of ` +
    `"${signatureFailure(namesake)}" while trying to verify candidate ` +
    `authority certificate "${nameOf(namesake)}")`;
}

function isUnknownAuthority(code: string): boolean {
  return code.startsWith("UNABLE_TO_") || code.startsWith("SELF_SIGNED_CERT") ||
    code === "DEPTH_ZERO_SELF_SIGNED_CERT" || code === "CERT_SIGNATURE_FAILURE";
}

function signatureFailure(certificate: X509Certificate): string {
  const type = certificate.publicKey.asymmetricKeyType;
  if (type === "ed25519") return "x509: Ed25519 verification failure";
  return type === "ec" ? "x509: ECDSA verification failure" : "crypto/rsa: verification error";
}

/** The common name, else the organization, else the serial number. */
function nameOf({ subject, serialNumber }: X509Certificate): string {
  const field = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(subject)?.[1];
  return field("CN") ?? field("O") ?? `serial:${BigInt(`0x${serialNumber}`)}`;
}

/** To the second, in UTC. */
function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}
