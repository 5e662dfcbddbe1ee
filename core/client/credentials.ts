/** The trust and identity a context gives, checked before anything is dialled (spec/client.md, 3.8). */

import { CliError } from "../errors.ts";
import { keyPemForTls } from "../pki/pem.ts";
import { decodeBase64 } from "../base64.ts";
import { pemBlocks } from "./pem_blocks.ts";

/** The fields of a context that hold credentials: base64 of PEM. */
export interface ContextCredentials {
  ca?: string | undefined;
  crt?: string | undefined;
  key?: string | undefined;
}

/** What a TLS session is made with; all PEM. */
export interface Credentials {
  /** Only these authorities are trusted; undefined: those of the system. */
  ca?: string;
  /** The client certificate and its key. */
  identity?: { certificate: string; key: string };
}

/**
 * Decodes and checks the credentials of a context. An expired certificate is left to the server.
 *
 * @throws {CliError} that says which field is wrong, and how
 */
export async function readCredentials(context: ContextCredentials): Promise<Credentials> {
  const credentials: Credentials = {};
  if (context.ca) credentials.ca = readAuthorities(context.ca);
  if (context.crt || context.key) {
    const certificate = decode(context.crt ?? "", "failed to acquire credentials", "certificate");
    const key = keyPemForTls(decode(context.key ?? "", "failed to acquire credentials", "key"));
    const problem = await pairProblem(certificate, key);
    if (problem) {
      throw new CliError(
        `failed to acquire credentials: could not load client key pair: tls: ${problem}`,
      );
    }
    credentials.identity = { certificate, key };
  }
  return credentials;
}

function readAuthorities(text: string): string {
  const certificates = pemBlocks(decode(text, "failed to get CA", "CA"))
    .filter(({ label }) => label === "CERTIFICATE");
  if (certificates.length === 0) {
    throw new CliError("failed to append CA certificate to RootCAs pool");
  }
  return certificates.map(({ pem }) => pem).join("");
}

function decode(text: string, failure: string, field: string): string {
  try {
    return new TextDecoder().decode(decodeBase64(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${failure}: error decoding ${field}: ${reason}`, { cause });
  }
}

/** What keeps a certificate and a key from being used together. */
async function pairProblem(certificate: string, key: string): Promise<string | undefined> {
  const certificates = pemBlocks(certificate);
  const keys = pemBlocks(key);
  if (!certificates.some(({ label }) => label === "CERTIFICATE")) {
    return missingCertificate(certificates.map(({ label }) => label));
  }
  const keyBlock = keys.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (!keyBlock) return missingKey(keys.map(({ label }) => label));

  const { createPrivateKey, X509Certificate } = await import("node:crypto");
  const leaf = attempt(() => new X509Certificate(certificate));
  if (!leaf) return "failed to parse the client certificate";
  const privateKey = attempt(() => createPrivateKey(keyBlock.pem));
  if (!privateKey) return "failed to parse private key";
  if (leaf.publicKey.asymmetricKeyType !== privateKey.asymmetricKeyType) {
    return "private key type does not match public key type";
  }
  return leaf.checkPrivateKey(privateKey) ? undefined : "private key does not match public key";
}

function missingCertificate(labels: readonly string[]): string {
  if (labels.length === 0) return "failed to find any PEM data in certificate input";
  return labels.length === 1 && labels[0]?.endsWith("PRIVATE KEY")
    ? "failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
    : `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${
      labels.join(" ")
    }]`;
}

function missingKey(labels: readonly string[]): string {
  if (labels.length === 0) return "failed to find any PEM data in key input";
  return labels.length === 1 && labels[0] === "CERTIFICATE"
    ? "found a certificate rather than a key in the PEM for the private key"
    : `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${
      labels.join(" ")
    }]`;
}

/** The value, or nothing where the library refuses its input. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    // The library's words would differ from those of the official client.
    return undefined;
  }
}
