/** The lines of one node out of chunks that are cut anywhere, each headed by the node (spec/machine-read.md, 12). */

import { concatBytes } from "../../core/bytes.ts";

/** Longer lines are broken, so that a log without newlines cannot fill memory. */
const longestLineBytes = 1024 * 1024;

const newline = 0x0a;

/** Puts a node's name before its lines. */
export class NodeLines {
  readonly #prefix: Uint8Array;
  /** The beginning of a line whose end has not come. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  constructor(node: string) {
    this.#prefix = new TextEncoder().encode(`${node}: `);
  }

  /** The lines that `chunk` completes, headed; empty when there are none. */
  add(chunk: Uint8Array): Uint8Array {
    const endBytes = chunk.lastIndexOf(newline) + 1;
    const lines = endBytes === 0 ? chunk.subarray(0, 0) : this.#head(chunk.subarray(0, endBytes));
    if (endBytes < chunk.length) {
      this.#begun.push(chunk.subarray(endBytes));
      this.#begunBytes += chunk.length - endBytes;
    }
    return this.#begunBytes > longestLineBytes ? concatBytes([lines, this.end()]) : lines;
  }

  /** What is left at the end, headed and with a newline; empty when nothing is. */
  end(): Uint8Array {
    if (this.#begunBytes === 0) return new Uint8Array(0);
    const line = concatBytes([this.#prefix, ...this.#begun, Uint8Array.of(newline)]);
    this.#forget();
    return line;
  }

  /** Whole lines, the first of which has begun before. Into one array: a million lines are a million copies. */
  #head(lines: Uint8Array): Uint8Array {
    const begun = concatBytes(this.#begun);
    this.#forget();
    let count = 0;
    for (let end = -1; (end = lines.indexOf(newline, end + 1)) >= 0;) count++;
    const headed = new Uint8Array(begun.length + lines.length + count * this.#prefix.length);
    headed.set(this.#prefix);
    headed.set(begun, this.#prefix.length);
    let at = this.#prefix.length + begun.length;
    for (let start = 0; start < lines.length;) {
      const end = lines.indexOf(newline, start) + 1;
      if (start > 0) {
        headed.set(this.#prefix, at);
        at += this.#prefix.length;
      }
      headed.set(lines.subarray(start, end), at);
      at += end - start;
      start = end;
    }
    return headed;
  }

  #forget(): void {
    this.#begun = [];
    this.#begunBytes = 0;
  }
}
