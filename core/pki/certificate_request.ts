/** Certificate requests: what a client asks for, and the certificate that an authority makes of it (RFC 2986). */

import type { Validity } from "./authority.ts";
import { type ReadCertificate, signCertificate } from "./certificate.ts";
import {
  checkInteger,
  type DerValue,
  integer,
  isTagged,
  numberedParts,
  oid,
  oidOf,
  partsOf,
  present,
  readDer,
  sequence,
  set,
  tagged,
  writeDer,
} from "./der.ts";
import { nameOf, organizationsOf } from "./distinguished_name.ts";
import { alternativeNames, alternativeNamesIn, extensionsOf, isHostName } from "./extensions.ts";
import { encodePem } from "./pem.ts";
import { publicKeyOf } from "./private_key.ts";
import { signatureKeyName, signedDer } from "./signature.ts";

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
  const extensions = extensionsOf({ names: alternativeNames({ ipAddresses }) });
  const content = sequence(
    integer(Uint8Array.of(0)),
    nameOf({ organizations }),
    readDer(new Uint8Array(await crypto.subtle.exportKey("spki", await publicKeyOf(privateKey)))),
    // The number stands for a set, which has this one attribute.
    tagged(0, sequence(oid(extensionRequestOid), set(extensions))),
  );
  return encodePem("CERTIFICATE REQUEST", await signedDer(content, privateKey));
}

/** A request that was read. */
export interface ReadRequest {
  subject: DerValue;
  /** The key as `SubjectPublicKeyInfo`. */
  publicKeyDer: Uint8Array<ArrayBuffer>;
  /** The DNS names and addresses that it asks for. */
  names: readonly DerValue[];
  /** The name that WebCrypto has for the kind of key that signed it. */
  keyName: string;
}

/**
 * Reads a request; who has signed it is not checked.
 *
 * @throws {Error} when it is malformed, in words about DER
 */
export function parseCertificateRequest(der: Uint8Array<ArrayBuffer>): ReadRequest {
  const [content, signedBy, signature] = partsOf(readDer(der));
  present(signature).bitString();
  const [version, subject, publicKey, attributes] = partsOf(content);
  checkInteger(version);
  organizationsOf(present(subject));

  const asked = isTagged(attributes, 0) ? numberedParts(attributes).map(partsOf) : [];
  const names = asked.filter(([type]) => oidOf(type) === extensionRequestOid)
    .flatMap(([, values]) => present(values).set().elements.slice(0, 1))
    .flatMap((extensions) => alternativeNamesIn(extensions))
    .filter(isHostName);
  return {
    subject: present(subject),
    publicKeyDer: writeDer(present(publicKey)),
    names,
    keyName: signatureKeyName(signedBy),
  };
}

/** Who signs a request. */
export interface RequestSigner {
  certificate: ReadCertificate;
  privateKey: CryptoKey;
}

/** The certificate of a client, as PEM, with the request's subject, IPs and DNS names. */
export async function signCertificateRequest(
  { subject, publicKeyDer, names }: ReadRequest,
  { certificate: issuer, privateKey }: RequestSigner,
  validity: Validity,
): Promise<string> {
  const der = await signCertificate({
    ...validity,
    issuer: issuer.subject,
    subject,
    publicKeyDer,
    extensions: extensionsOf({
      keyUsage: [],
      usage: ["clientAuth"],
      issuerKeyId: issuer.keyId,
      names,
    }),
  }, privateKey);
  return encodePem("CERTIFICATE", der);
}
