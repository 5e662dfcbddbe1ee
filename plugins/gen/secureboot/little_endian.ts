/** Numbers as EFI structures have them. */

/** A 16-bit number. */
export function uint16(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, value >> 8]);
}

/** A 32-bit number. */
export function uint32(value: number): Uint8Array {
  return new Uint8Array([0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff));
}
