/** Gathers output into large writes; text is made safe for terminals here, in one place. */

import { CliError } from "../core/errors.ts";
import type { Sink } from "./host.ts";

/** One system call for 1 KiB messages costs more than sending them: design.md, "Streams". */
const chunkBytes = 64 * 1024;

/** How long output may be gathered before it is shown; short enough for a reader to see it at once. */
const gatherMs = 5;

/** More turns of promises than a run takes to end behind its last record. */
const endingTurns = 50;

/** How long a write may take once the user wants the program to end. */
const hurriedWriteMs = 200;

/** A buffered sink: writes when much was gathered, or when told to. Await what it returns: that is the back-pressure. */
export class OutputWriter {
  readonly #sink: Sink;
  readonly #isTerminal: boolean;
  readonly #encoder = new TextEncoder();
  #buffer = new Uint8Array(0);
  #used = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A timer is set unless the run ends before. */
  #isAboutToWait = false;
  /** The writes under way, one after the other; rejects with the first failure. */
  #written: Promise<void> = Promise.resolve();
  /** Puts a limit to each of them; undefined once they all have one. */
  #limits: Set<() => void> | undefined = new Set();

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#isTerminal = sink.info.isTerminal;
  }

  /** Writes text; on a terminal its control characters are shown, not obeyed. */
  async text(text: string): Promise<void> {
    if (this.#isTerminal) {
      const { escapeControls } = await import("../core/output/escape.ts");
      text = escapeControls(text);
    }
    await this.bytes(this.#encoder.encode(text));
  }

  /** Writes bytes as they are. */
  async bytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length >= chunkBytes) {
      this.#send();
      this.#queue(bytes);
      return await this.#written;
    }
    if (this.#used + bytes.length > chunkBytes) {
      this.#send();
      await this.#written;
    }
    if (this.#buffer.length === 0) this.#buffer = new Uint8Array(chunkBytes);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Writes a line for somebody who is to see it now, whatever else is under way. */
  line(text: string): void {
    this.#show(this.text(`${text}\n`));
  }

  /** Writes bytes in this way. */
  now(bytes: Uint8Array): void {
    this.#show(this.bytes(bytes));
  }

  #show(gathered: Promise<void>): void {
    // A failure stays with the writes that follow: the last flush sees it.
    gathered.then(() => this.flush()).catch(() => {});
  }

  /** Has what is gathered shown in a moment: for a writer that now waits for more. */
  flushSoon(): void {
    if (this.#used === 0 || this.#timer !== undefined || this.#isAboutToWait) return;
    this.#isAboutToWait = true;
    void this.#flushUnlessOver();
  }

  /** The first timer of a process costs it 10 ms: one that ends at once has no need of it. */
  async #flushUnlessOver(): Promise<void> {
    for (let turn = 0; turn < endingTurns && this.#used > 0; turn++) await undefined;
    this.#isAboutToWait = false;
    if (this.#used > 0) this.#timer ??= setTimeout(() => this.#send(), gatherMs);
  }

  /** Resolves when everything gathered so far is with the stream. */
  async flush(): Promise<void> {
    this.#send();
    await this.#written;
  }

  /** From now on a write fails when it is not taken over soon: a stalled reader must not hold an interrupted program. */
  hurry(): void {
    const limits = this.#limits ?? [];
    this.#limits = undefined;
    for (const limit of limits) limit();
  }

  #send(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#used === 0) return;
    this.#queue(this.#buffer.subarray(0, this.#used));
    // A new buffer each time: the write may still read the old one while more is gathered.
    this.#buffer = new Uint8Array(0);
    this.#used = 0;
  }

  #queue(bytes: Uint8Array): void {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = () => {
      const error = new CliError("output is cut short: nobody has read it in time");
      timer = setTimeout(() => reject(error), hurriedWriteMs);
    };
    if (this.#limits === undefined) limit();
    else this.#limits.add(limit);
    void this.#written.then(() => this.#sink.write(bytes)).then(resolve, reject).then(() => {
      // Even clearing nothing would load what timers need: see flushSoon.
      if (timer !== undefined) clearTimeout(timer);
      this.#limits?.delete(limit);
    });
    this.#written = promise;
    // Whoever writes or flushes next sees the failure; until then nobody listens.
    promise.catch(() => {});
  }
}
