/** Writing of X.509 certificates: the few forms that clusters have (spec/machine-config.md, 4.2). */

import { derTag, writeBits, writeDer, writeOid, writePositive } from "./der.ts";
import { signatureAlgorithm } from "./private_key.ts";

/** What is certified. Names and extensions are encoded already. */
export interface CertificateContent {
  /** In hexadecimal. */
  serialNumber: string;
  issuer: Uint8Array;
  subject: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  publicKey: CryptoKey;
  extensions: readonly Uint8Array[];
}

const noParameters = writeDer(derTag.null);

/** Signs a certificate. */
export async function signCertificate(
  content: CertificateContent,
  signingKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = signatureIdentifier(signingKey);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", content.publicKey));
  const version = writeDer(0xa0, writeDer(derTag.integer, Uint8Array.of(2)));
  const signed = writeDer(
    derTag.sequence,
    version,
    writePositive(Uint8Array.fromHex(content.serialNumber)),
    algorithm,
    content.issuer,
    writeDer(derTag.sequence, writeTime(content.notBefore), writeTime(content.notAfter)),
    content.subject,
    publicKey,
    writeDer(0xa3, writeDer(derTag.sequence, ...content.extensions)),
  );
  const raw = await crypto.subtle.sign(signatureAlgorithm(signingKey), signingKey, signed);
  const signature = writeBits(signatureForm(new Uint8Array(raw), signingKey));
  return writeDer(derTag.sequence, signed, algorithm, signature);
}

function signatureIdentifier(key: CryptoKey): Uint8Array {
  const { name } = key.algorithm;
  if (name === "Ed25519") return writeDer(derTag.sequence, writeOid("1.3.101.112"));
  if (name === "ECDSA") {
    const { namedCurve } = key.algorithm as EcKeyAlgorithm;
    const oid = namedCurve === "P-384" ? "1.2.840.10045.4.3.3" : "1.2.840.10045.4.3.2";
    return writeDer(derTag.sequence, writeOid(oid));
  }
  const { hash } = key.algorithm as RsaHashedKeyAlgorithm;
  const oid = hash.name === "SHA-256" ? "1.2.840.113549.1.1.11" : "1.2.840.113549.1.1.13";
  return writeDer(derTag.sequence, writeOid(oid), noParameters);
}

/** WebCrypto gives the two numbers of an ECDSA signature side by side. */
function signatureForm(raw: Uint8Array, key: CryptoKey): Uint8Array {
  if (key.algorithm.name !== "ECDSA") return raw;
  const half = raw.length / 2;
  const [first, second] = [raw.subarray(0, half), raw.subarray(half)];
  return writeDer(derTag.sequence, writePositive(first), writePositive(second));
}

function writeTime(time: Date): Uint8Array {
  const digits = time.toISOString().replace(/\.\d+/, "").replace(/[-:T]/g, "");
  const isShort = time.getUTCFullYear() < 2050;
  const text = new TextEncoder().encode(isShort ? digits.slice(2) : digits);
  return writeDer(isShort ? derTag.utcTime : derTag.generalizedTime, text);
}
