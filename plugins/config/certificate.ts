/** What `config info` tells of a client certificate. */

import { decodeBase64 } from "../../core/base64.ts";
import { CliError } from "../../core/errors.ts";
import { decodePem } from "../../core/pki/pem.ts";

/** The holder's roles and the certificate's end. */
export interface CertificateFacts {
  /** Every Organization value of the subject. */
  organizations: readonly string[];
  notAfter: Date;
}

/**
 * Reads the first certificate of a context's `crt` field.
 *
 * @throws {CliError} with the official texts (spec/client.md, 2.4)
 */
export async function readCertificate(crt: string): Promise<CertificateFacts> {
  const block = decodePem(decode(crt));
  if (block === undefined) throw new CliError("error decoding PEM");

  const [{ parseCertificate }, { organizationsOf }] = await Promise.all([
    import("../../core/pki/certificate.ts"),
    import("../../core/pki/distinguished_name.ts"),
  ]);
  try {
    const { notAfter, subject } = parseCertificate(block.der);
    return { organizations: organizationsOf(subject), notAfter };
  } catch (cause) {
    throw new CliError("x509: malformed certificate", { cause });
  }
}

function decode(crt: string): string {
  try {
    return new TextDecoder().decode(decodeBase64(crt));
  } catch (cause) {
    throw new CliError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
