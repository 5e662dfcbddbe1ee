/** Certificate requests: what a client asks for, and the certificate that an authority makes of it (RFC 2986). */

import type { CertificationRequest } from "@peculiar/asn1-csr";
import type { Validity } from "./authority.ts";
import type { ReadCertificate } from "./certificate.ts";
import { encodePem } from "./pem.ts";
import { publicKeyOf } from "./private_key.ts";

/** What a request asks to be certified. */
export interface RequestedNames {
  /** Roles: all in one multi-valued name part. */
  organizations: readonly string[];
  ipAddresses: readonly string[];
}

const extensionRequestOid = "1.2.840.113549.1.9.14";

/** Makes a request for a key, as PEM. */
export async function createCertificateRequest(
  privateKey: CryptoKey,
  { organizations, ipAddresses }: RequestedNames,
): Promise<string> {
  const csr = await import("@peculiar/asn1-csr");
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  const { Attribute, SubjectPublicKeyInfo } = await import("@peculiar/asn1-x509");
  const { alternativeNames, extensionsOf, nameOf, signatureIdentifier, signDer } = await import(
    "./certificate.ts"
  );
  const extensions = extensionsOf({ names: alternativeNames({ ipAddresses }) });
  const certificationRequestInfo = new csr.CertificationRequestInfo({
    subject: nameOf({ organizations }),
    subjectPKInfo: AsnConvert.parse(
      await crypto.subtle.exportKey("spki", await publicKeyOf(privateKey)),
      SubjectPublicKeyInfo,
    ),
    attributes: new csr.Attributes([
      new Attribute({ type: extensionRequestOid, values: [AsnConvert.serialize(extensions)] }),
    ]),
  });
  const request = new csr.CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: signatureIdentifier(privateKey),
    signature: await signDer(AsnConvert.serialize(certificationRequestInfo), privateKey),
  });
  return encodePem("CERTIFICATE REQUEST", new Uint8Array(AsnConvert.serialize(request)));
}

/** A request that was read. */
export interface ReadRequest {
  request: CertificationRequest;
  /** The name that WebCrypto has for the kind of key that signed it. */
  keyName: string;
}

/**
 * Reads a request; who has signed it is not checked.
 *
 * @throws {Error} when it is malformed, in words about the library's own structures
 */
export async function parseCertificateRequest(
  der: Uint8Array<ArrayBuffer>,
): Promise<ReadRequest> {
  const { CertificationRequest } = await import("@peculiar/asn1-csr");
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  const { signatureKeyName } = await import("./certificate.ts");
  const request = AsnConvert.parse(der, CertificationRequest);
  return { request, keyName: signatureKeyName(request.signatureAlgorithm) };
}

/** Who signs a request. */
export interface RequestSigner {
  certificate: ReadCertificate;
  privateKey: CryptoKey;
}

/** The certificate of a client, as PEM, with the request's subject, IPs and DNS names. */
export async function signCertificateRequest(
  { request: { certificationRequestInfo } }: ReadRequest,
  { certificate: issuer, privateKey }: RequestSigner,
  validity: Validity,
): Promise<string> {
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  const { Extensions, id_ce_subjectAltName, SubjectAlternativeName } = await import(
    "@peculiar/asn1-x509"
  );
  const { extensionsOf, readExtension, signCertificate } = await import("./certificate.ts");
  const { subject, subjectPKInfo, attributes = [] } = certificationRequestInfo;
  const asked = attributes.filter(({ type }) => type === extensionRequestOid)
    .flatMap(({ values: [value] }) =>
      value === undefined ? [] : [AsnConvert.parse(value, Extensions)]
    )
    .flatMap((extensions) => [...extensions]);
  const names = readExtension(asked, id_ce_subjectAltName, SubjectAlternativeName) ?? [];

  const der = await signCertificate({
    ...validity,
    issuer: issuer.subject,
    subject,
    publicKeyDer: AsnConvert.serialize(subjectPKInfo),
    extensions: extensionsOf({
      keyUsage: [],
      usage: ["clientAuth"],
      issuerKeyId: issuer.keyId,
      names: names.filter(({ iPAddress, dNSName }) => (iPAddress ?? dNSName) !== undefined),
    }),
  }, privateKey);
  return encodePem("CERTIFICATE", der);
}
