/** Ids in the forms Talos gives them: xids of events, base62 node identities. */

import type { SeededRandom } from "./random.ts";

const base32hex = "0123456789abcdefghijklmnopqrstuv";
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Makes xids: 20 characters, ordered by time and, within a second, by birth. */
export function xidSource(random: SeededRandom): (at: Date) => string {
  const machine = random.bytes(5);
  const [high = 0, middle = 0, low = 0] = random.bytes(3);
  let counter = ((high & 0x0f) << 16) | (middle << 8) | low;
  return (at) => {
    const seconds = Math.floor(at.getTime() / 1000);
    counter = (counter + 1) & 0xffffff;
    return toBase32Hex([
      ...[24, 16, 8, 0].map((shift) => (seconds >>> shift) & 0xff),
      ...machine,
      ...[16, 8, 0].map((shift) => (counter >>> shift) & 0xff),
    ]);
  };
}

/** Whether a text has the form of an xid. */
export function isXid(text: string): boolean {
  return /^[0-9a-v]{20}$/.test(text);
}

/** 32 bytes in base62: how a node identity is written. */
export function nodeIdentity(random: SeededRandom): string {
  let rest = BigInt("0x" + random.bytes(32).toHex());
  let text = "";
  while (rest > 0n) {
    text = base62[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return text;
}

/** 12 bytes, most significant bit first, five bits a character. */
function toBase32Hex(bytes: readonly number[]): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.padEnd(100, "0").match(/.{5}/g) ?? [])
    .map((group) => base32hex[parseInt(group, 2)])
    .join("");
}
