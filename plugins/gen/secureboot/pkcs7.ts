/** Detached PKCS#7 signatures in the plain form that firmware reads: SHA-256, RSA, no signed attributes. */

import type { ReadCertificate } from "../../../core/pki/certificate.ts";
import {
  algorithm,
  integer,
  none,
  octets,
  oid,
  readDer,
  sequence,
  set,
  tagged,
  writeDer,
} from "../../../core/pki/der.ts";
import { rsaOid } from "../../../core/pki/key_forms.ts";

/** Who signs. */
export interface Pkcs7Signer {
  certificate: ReadCertificate;
  /** RSA, for SHA-256. */
  privateKey: CryptoKey;
}

const sha256Oid = "2.16.840.1.101.3.4.2.1";
const dataOid = "1.2.840.113549.1.7.1";

/** A `SignedData` over some bytes, which it does not hold, without the `ContentInfo` around it. */
export async function signDetached(
  bytes: Uint8Array<ArrayBuffer>,
  { certificate, privateKey }: Pkcs7Signer,
): Promise<Uint8Array> {
  const signature = await crypto.subtle.sign(privateKey.algorithm, privateKey, bytes);
  const { issuer, serialNumber, der } = certificate;
  const version1 = integer(Uint8Array.of(1));
  const digestAlgorithm = algorithm(sha256Oid, none);
  const signerInfo = sequence(
    version1,
    sequence(issuer, serialNumber),
    digestAlgorithm,
    algorithm(rsaOid, none),
    octets(new Uint8Array(signature)),
  );
  return writeDer(
    sequence(
      version1,
      set(digestAlgorithm),
      sequence(oid(dataOid)),
      // The number stands for a set, which has this one certificate.
      tagged(0, readDer(der)),
      set(signerInfo),
    ),
  );
}
