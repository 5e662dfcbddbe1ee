/** The certificates of Microsoft that other systems and option ROMs are signed with. */

import certificates from "./microsoft_certificates.json" with { type: "json" };
import type { EnrolledCertificate, VariableName } from "./efi_variable.ts";

/** The GUID by which Microsoft enrols them. */
const owner = "77fa9abd-0359-4d32-bd60-28f4e78f784b";

/** Those that belong into a variable; none into `PK`. */
export function microsoftCertificates(variable: VariableName): EnrolledCertificate[] {
  if (variable === "PK") return [];
  return certificates[variable].map(({ der }) => ({ der: Uint8Array.fromBase64(der), owner }));
}
