/** What a plugin says aside: lines for stderr and progress, of which it may have only so much on their way. */

import type { WireNote } from "./messages.ts";

const longestLine = 8 * 1024;

/** More than this waiting is a flood, and is dropped. */
const most = 1000;

/** Gathers notes, sends them, and counts what it drops. */
export class NoteSender {
  readonly #send: (notes: readonly WireNote[]) => void;
  #waiting: WireNote[] = [];
  #dropped = 0;
  #isOnTheWay = false;

  constructor(send: (notes: readonly WireNote[]) => void) {
    this.#send = send;
  }

  /** Says something; it never waits, for nobody could wait for it. */
  add(note: WireNote): void {
    if (this.#waiting.length >= most) this.#dropped++;
    else this.#waiting.push(shortened(note));
    if (!this.#isOnTheWay) this.flush();
  }

  /** The last ones were written. */
  noted(): void {
    this.#isOnTheWay = false;
    this.flush();
  }

  /** Sends what waits, also when the last ones were not written yet: for the end. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const notes = this.#waiting;
    if (this.#dropped > 0) notes.push(`(${this.#dropped} more lines were dropped)`);
    this.#waiting = [];
    this.#dropped = 0;
    this.#isOnTheWay = true;
    this.#send(notes);
  }
}

function shortened(note: WireNote): WireNote {
  const text = typeof note === "string" ? note : note.text;
  if (text.length <= longestLine) return note;
  const short = `${text.slice(0, longestLine)}…`;
  return typeof note === "string" ? short : { ...note, text: short };
}
