/** Sets of pages by their number: a bit each, no larger than the file has pages. */

/** Page numbers below a limit. */
export class PageSet {
  readonly #bits: Uint8Array;

  constructor(limit: number) {
    this.#bits = new Uint8Array(Math.ceil(limit / 8));
  }

  has(page: number): boolean {
    return ((this.#bits[Math.floor(page / 8)] ?? 0) & (1 << (page % 8))) !== 0;
  }

  /** Puts it in; false where it was in already. */
  add(page: number): boolean {
    if (this.has(page)) return false;
    const index = Math.floor(page / 8);
    this.#bits[index] = (this.#bits[index] ?? 0) | (1 << (page % 8));
    return true;
  }
}
