/** Signed updates of the EFI variables that Secure Boot rests on (UEFI specification, 8.2 and 32.4). */

import { concatBytes } from "../../../core/bytes.ts";
import { guidBytes } from "./guid.ts";
import { uint16, uint32 } from "./little_endian.ts";
import { type Pkcs7Signer, signDetached } from "./pkcs7.ts";

/** A certificate that a variable is to hold. */
export interface EnrolledCertificate {
  der: Uint8Array;
  /** The GUID of whoever enrols it. */
  owner: string;
}

/** The variables there are. */
export type VariableName = "PK" | "KEK" | "db";

const globalVariable = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
const vendors: Readonly<Record<VariableName, string>> = {
  PK: globalVariable,
  KEK: globalVariable,
  db: "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
};

/** Non-volatile, for boot services and at run time, with an authenticated time. */
const attributes = 0x27;

/** The file that firmware takes as the new value of a variable. */
export async function signedUpdate(
  name: VariableName,
  certificates: readonly EnrolledCertificate[],
  { signer, now }: { signer: Pkcs7Signer; now: Date },
): Promise<Uint8Array> {
  const time = efiTime(now);
  const lists = concatBytes(certificates.map(signatureList));
  const signedBytes = concatBytes([
    utf16(name),
    guidBytes(vendors[name]),
    uint32(attributes),
    time,
    lists,
  ]);
  const signature = await signDetached(signedBytes, signer);
  return concatBytes([time, winCertificate(signature), lists]);
}

/** `EFI_TIME` in UTC; what is finer than a second, and the zone, must be 0. */
function efiTime(now: Date): Uint8Array {
  const date = [now.getUTCMonth() + 1, now.getUTCDate()];
  const clock = [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()];
  return concatBytes([
    uint16(now.getUTCFullYear()),
    new Uint8Array([...date, ...clock]),
    new Uint8Array(9),
  ]);
}

const x509Signature = "a5c059a1-94e4-4aa7-87b5-ab155c2bf072";

/** `EFI_SIGNATURE_LIST` of one certificate. */
function signatureList({ der, owner }: EnrolledCertificate): Uint8Array {
  const headerSizeBytes = 28;
  const signatureSizeBytes = 16 + der.length;
  return concatBytes([
    guidBytes(x509Signature),
    uint32(headerSizeBytes + signatureSizeBytes),
    uint32(0),
    uint32(signatureSizeBytes),
    guidBytes(owner),
    der,
  ]);
}

const pkcs7Certificate = "4aafd29d-68df-49ee-8aa9-347d375665a7";

/** `WIN_CERTIFICATE_UEFI_GUID`. */
function winCertificate(signature: Uint8Array): Uint8Array {
  const headerSizeBytes = 24;
  return concatBytes([
    uint32(headerSizeBytes + signature.length),
    uint16(0x0200),
    uint16(0x0ef1),
    guidBytes(pkcs7Certificate),
    signature,
  ]);
}

function utf16(text: string): Uint8Array {
  return concatBytes(Array.from(text, (letter) => uint16(letter.charCodeAt(0))));
}
