/** Standard base64 as Go reads it: padded, line breaks skipped, errors with the offset of the first bad byte. */

import { CliError } from "./errors.ts";

/**
 * Decodes standard base64.
 *
 * @throws {CliError} `illegal base64 data at input byte <n>`, as Go counts (spec/cli.md, 6.4)
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const joined = text.replace(/[\r\n]/g, "");
  if (joined.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(joined)) {
    const bad = firstBadByte(new TextEncoder().encode(text));
    throw new CliError(`illegal base64 data at input byte ${bad}`);
  }
  // The loose mode forgives set bits behind the last byte, as Go does.
  return Uint8Array.fromBase64(joined, { lastChunkHandling: "loose" });
}

/** Walks the quanta of four; the offsets are those which Go's decoder reports. */
function firstBadByte(bytes: Uint8Array): number | undefined {
  const positions: number[] = [];
  for (const [position, byte] of bytes.entries()) {
    if (byte !== 0x0a && byte !== 0x0d) positions.push(position);
  }
  for (let start = 0; start < positions.length; start += 4) {
    for (let index = 0; index < 4; index++) {
      const position = positions[start + index];
      // An unfinished quantum is reported where it begins.
      if (position === undefined) return bytes.length - index;
      const byte = bytes[position] ?? 0;
      if (isAlphabet(byte)) continue;
      if (byte !== equals || index < 2) return position;
      return badPadding(bytes, positions, start + index, index);
    }
  }
  return undefined;
}

/** Padding may fill the last quantum only, and nothing may follow it. */
function badPadding(
  bytes: Uint8Array,
  positions: readonly number[],
  at: number,
  index: number,
): number | undefined {
  let last = at;
  if (index === 2) {
    last = at + 1;
    const position = positions[last];
    if (position === undefined) return bytes.length;
    if (bytes[position] !== equals) return (positions[last] ?? 0) - 1;
  }
  return positions[last + 1];
}

const equals = 0x3d;

function isAlphabet(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a ||
    byte >= 0x30 && byte <= 0x39 || byte === 0x2b || byte === 0x2f;
}
