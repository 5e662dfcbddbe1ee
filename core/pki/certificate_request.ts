/** Certificate requests: what a client asks for, and the certificate that an authority makes of it. */

import type * as X509 from "@peculiar/x509";
import { nameOf, type Validity } from "./authority.ts";
import { encodePem } from "./pem.ts";
import { signatureAlgorithm } from "./private_key.ts";
import { randomSerial } from "./serial_number.ts";

/** What a request asks to be certified. */
export interface RequestedNames {
  /** Roles: all in one multi-valued name part. */
  organizations: readonly string[];
  ipAddresses: readonly string[];
}

/** Makes a request for a key, as PEM. */
export async function createCertificateRequest(
  keys: CryptoKeyPair,
  { organizations, ipAddresses }: RequestedNames,
): Promise<string> {
  const x509 = await import("@peculiar/x509");
  const names = ipAddresses.map((value) => ({ type: "ip", value }) as const);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: nameOf(x509, { organizations }),
    keys,
    signingAlgorithm: signatureAlgorithm(keys.privateKey),
    extensions: [new x509.SubjectAlternativeNameExtension(names)],
  });
  return encodePem("CERTIFICATE REQUEST", new Uint8Array(request.rawData));
}

const subjectAlternativeNameOid = "2.5.29.17";

/** Who signs a request. */
export interface RequestSigner {
  certificate: X509.X509Certificate;
  privateKey: CryptoKey;
}

/** The certificate of a client, as PEM, with the request's subject, IPs and DNS names. */
export async function signCertificateRequest(
  request: X509.Pkcs10CertificateRequest,
  { certificate: issuer, privateKey }: RequestSigner,
  { notBefore, lifetimeMs }: Validity,
): Promise<string> {
  const x509 = await import("@peculiar/x509");
  const keyId = issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const asked = request.getExtension(subjectAlternativeNameOid)?.rawData;
  const names = asked === undefined
    ? []
    : new x509.SubjectAlternativeNameExtension(asked).names.items
      .filter(({ type }) => type === "ip" || type === "dns");

  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    issuer: issuer.subjectName,
    subject: request.subjectName,
    notBefore,
    notAfter: new Date(notBefore.getTime() + lifetimeMs),
    publicKey: request.publicKey,
    signingKey: privateKey,
    signingAlgorithm: signatureAlgorithm(privateKey),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ...(keyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(keyId)]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return encodePem("CERTIFICATE", new Uint8Array(certificate.rawData));
}
