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
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end; (end = chunk.indexOf(newline, start)) >= 0; start = end + 1) {
      lines.push(this.#prefix, ...this.#begun, chunk.subarray(start, end + 1));
      this.#forget();
    }
    if (start < chunk.length) {
      this.#begun.push(chunk.subarray(start));
      this.#begunBytes += chunk.length - start;
    }
    if (this.#begunBytes > longestLineBytes) lines.push(this.end());
    return concatBytes(lines);
  }

  /** What is left at the end, headed and with a newline; empty when nothing is. */
  end(): Uint8Array {
    if (this.#begunBytes === 0) return new Uint8Array(0);
    const line = concatBytes([this.#prefix, ...this.#begun, Uint8Array.of(newline)]);
    this.#forget();
    return line;
  }

  #forget(): void {
    this.#begun = [];
    this.#begunBytes = 0;
  }
}
