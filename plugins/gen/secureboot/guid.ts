/** GUIDs in the byte order of EFI, and the one that stands for an owner. */

import { concatBytes } from "../../../core/bytes.ts";

/** The 16 bytes: the first three groups are little-endian, the last two as written. */
export function guidBytes(text: string): Uint8Array {
  const bytes = Uint8Array.fromHex(text.replaceAll("-", ""));
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** The namespace for X.500 names, of RFC 4122. */
const x500Namespace = "6ba7b8149dad11d180b400c04fd430c8";

/** The GUID of whoever enrols a certificate: always the same for the same file. */
export async function ownerGuid(certificateFile: Uint8Array): Promise<string> {
  const input = concatBytes([Uint8Array.fromHex(x500Namespace), certificateFile]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", input)).subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x40;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
