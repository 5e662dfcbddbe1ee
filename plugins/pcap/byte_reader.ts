/** Taking a stream of chunks apart by lengths. */

import { concatBytes } from "../../core/bytes.ts";
import { CliError } from "../../core/errors.ts";

/** Reads a stream in pieces of given lengths; holds what is left of one chunk. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * The next bytes, exactly that many; undefined where the stream has ended.
   *
   * @throws {CliError} where it ends in between; what the stream throws.
   */
  async take(count: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) {
          if (missing === count) return undefined;
          throw new CliError("unexpected EOF");
        }
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return concatBytes(parts);
  }
}
