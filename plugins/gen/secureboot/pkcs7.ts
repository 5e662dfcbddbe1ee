/** Detached PKCS#7 signatures in the plain form that firmware reads: SHA-256, RSA, no signed attributes. */

import type { ReadCertificate } from "../../../core/pki/certificate.ts";

/** Who signs. */
export interface Pkcs7Signer {
  certificate: ReadCertificate;
  /** RSA, for SHA-256. */
  privateKey: CryptoKey;
}

const sha256Oid = "2.16.840.1.101.3.4.2.1";
const rsaEncryptionOid = "1.2.840.113549.1.1.1";
const dataOid = "1.2.840.113549.1.7.1";

/** A `SignedData` over some bytes, which it does not hold, without the `ContentInfo` around it. */
export async function signDetached(
  bytes: Uint8Array<ArrayBuffer>,
  { certificate, privateKey }: Pkcs7Signer,
): Promise<Uint8Array> {
  const cms = await import("@peculiar/asn1-cms");
  const { AsnConvert, OctetString } = await import("@peculiar/asn1-schema");
  const { AlgorithmIdentifier, Certificate } = await import("@peculiar/asn1-x509");

  const signature = await crypto.subtle.sign(privateKey.algorithm, privateKey, bytes);
  const parsed = AsnConvert.parse(certificate.der, Certificate);
  const { issuer, serialNumber } = parsed.tbsCertificate;
  const digestAlgorithm = () => new AlgorithmIdentifier({ algorithm: sha256Oid, parameters: null });

  const signed = new cms.SignedData({
    version: cms.CMSVersion.v1,
    digestAlgorithms: new cms.DigestAlgorithmIdentifiers([digestAlgorithm()]),
    encapContentInfo: new cms.EncapsulatedContentInfo({ eContentType: dataOid }),
    certificates: new cms.CertificateSet([new cms.CertificateChoices({ certificate: parsed })]),
    signerInfos: new cms.SignerInfos([
      new cms.SignerInfo({
        version: cms.CMSVersion.v1,
        sid: new cms.SignerIdentifier({
          issuerAndSerialNumber: new cms.IssuerAndSerialNumber({ issuer, serialNumber }),
        }),
        digestAlgorithm: digestAlgorithm(),
        signatureAlgorithm: new AlgorithmIdentifier({
          algorithm: rsaEncryptionOid,
          parameters: null,
        }),
        signature: new OctetString(signature),
      }),
    ]),
  });
  return new Uint8Array(AsnConvert.serialize(signed));
}
