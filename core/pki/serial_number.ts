/** Random numbers that tell certificates and keys apart. */

/** 128 bits, the first one 0 (a serial number is positive) and the second 1 (so that no byte is dropped). */
export function randomSerial(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

/** Random bytes. */
export function randomBytes(lengthBytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(lengthBytes));
}
