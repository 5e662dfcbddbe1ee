/** Counts distinct keys that come and go, by fingerprints: so many keys as text would fill memory, and a `Set` has an end. */

/** A set of keys of which only the size is asked. Two keys count as one with a probability of 2^-63. */
export class KeyCount {
  /** Two words a place; 0 and 0 is empty, 0 and 1 was emptied. */
  #words = new Uint32Array(2 * 1024);
  #used = 0;
  #size = 0;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  add(key: Uint8Array): void {
    const [high, low] = fingerprint(key);
    const place = this.#find(high, low);
    if (this.#words[place] !== 0) return;
    if (this.#words[place + 1] === 0) this.#used++;
    this.#words[place] = high;
    this.#words[place + 1] = low;
    this.#size++;
    if (this.#used * 4 > this.#words.length) this.#grow();
  }

  delete(key: Uint8Array): void {
    const [high, low] = fingerprint(key);
    const place = this.#find(high, low);
    if (this.#words[place] === 0) return;
    this.#words[place] = 0;
    this.#words[place + 1] = 1;
    this.#size--;
  }

  /** Where a fingerprint is, or else is to go. */
  #find(high: number, low: number): number {
    const mask = this.#words.length - 1;
    let emptied = -1;
    for (let place = (low * 2) & mask;; place = (place + 2) & mask) {
      const one = this.#words[place];
      const other = this.#words[place + 1];
      if (one === high && other === low) return place;
      if (one !== 0) continue;
      if (other === 0) return emptied >= 0 ? emptied : place;
      if (emptied < 0) emptied = place;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#words = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(1024, this.#size * 8))));
    this.#used = this.#size;
    for (let place = 0; place < old.length; place += 2) {
      const [high = 0, low = 0] = [old[place], old[place + 1]];
      if (high === 0) continue;
      const free = this.#find(high, low);
      this.#words[free] = high;
      this.#words[free + 1] = low;
    }
  }
}

/** Two words of 32 bits; the first is never 0, so that no key looks like an empty place. */
function fingerprint(key: Uint8Array): [high: number, low: number] {
  let [high, low] = [0x811c9dc5, 0x9e3779b9];
  // Four bytes a step, and no iterator: that would take ten times as long.
  for (let index = 0; index < key.length; index += 4) {
    const word = (key[index] ?? 0) | ((key[index + 1] ?? 0) << 8) |
      ((key[index + 2] ?? 0) << 16) | ((key[index + 3] ?? 0) << 24);
    high = Math.imul(high ^ word, 0x01000193);
    high ^= high >>> 15;
    low = Math.imul(((low << 5) | (low >>> 27)) ^ word, 0x85ebca6b);
    low ^= low >>> 13;
  }
  return [(mix(high ^ key.length) | 1) >>> 0, mix(low)];
}

/** The last step of murmur3: every bit depends on every other. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
