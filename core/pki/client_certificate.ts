/** What a client certificate says about its holder: roles and permitted uses (spec/client.md, 5.2). */

import { parseCertificate } from "./certificate.ts";
import { organizationsOf } from "./distinguished_name.ts";

/** The identity in a client certificate. */
export interface ClientIdentity {
  /** Every Organization value of the subject, in order, unknown ones too. */
  organizations: readonly string[];
  /** OIDs of the extended key usage; undefined where the extension is absent. */
  usageOids: readonly string[] | undefined;
}

/** Reads a DER certificate. */
export function readClientIdentity(der: Uint8Array<ArrayBuffer>): ClientIdentity {
  const { subject, usageOids } = parseCertificate(der);
  return { organizations: organizationsOf(subject), usageOids };
}

/** Whether the certificate is for clients and nothing else, as Talos demands. */
export function isClientOnly({ usageOids }: ClientIdentity): boolean {
  return usageOids?.length === 1 && usageOids[0] === "1.3.6.1.5.5.7.3.2";
}
