/** Ids that look random and follow from the sandbox's seed. Never for keys. */

/** A source of values that are the same for the same seed and label. */
export interface SeededRandom {
  bytes(length: number): Uint8Array;
  uuid(): string;
}

/** The values of one `label` (a node, say) of a sandbox; other labels do not disturb them. */
export function seededRandom(seed: number, label: string): SeededRandom {
  let state = hash(`${seed}/${label}`);
  // mulberry32: one 32-bit state, good enough for ids that only have to differ.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const bytes = (length: number) => Uint8Array.from({ length }, () => next() & 0xff);
  return {
    bytes,
    uuid: () => {
      const id = bytes(16);
      id[6] = ((id[6] ?? 0) & 0x0f) | 0x40;
      id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
      return id.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
