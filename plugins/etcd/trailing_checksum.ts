/** A stream whose last bytes are the SHA-256 of those before them, checked as it passes. */

import { createHash } from "node:crypto";

/** The length of a SHA-256. */
export const checksumBytes = 32;

/** Is shown a stream in pieces, cut anywhere. */
export class TrailingChecksum {
  readonly #hash = createHash("sha256");
  /** The last bytes so far, which may turn out to be the checksum. */
  #held = new Uint8Array(0);
  #sizeBytes = 0;

  /** The length of all pieces. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  update(piece: Uint8Array): void {
    this.#sizeBytes += piece.length;
    if (piece.length >= checksumBytes) {
      this.#hash.update(this.#held).update(piece.subarray(0, -checksumBytes));
      this.#held = piece.slice(-checksumBytes);
      return;
    }
    const both = new Uint8Array([...this.#held, ...piece]);
    const surplus = Math.max(0, both.length - checksumBytes);
    this.#hash.update(both.subarray(0, surplus));
    this.#held = both.slice(surplus);
  }

  /** Whether the last bytes are right; nothing may follow. */
  isRight(): boolean {
    return this.#hash.digest("hex") === this.#held.toHex();
  }
}
