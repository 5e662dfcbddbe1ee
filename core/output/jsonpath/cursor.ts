/** A place in a template that is being read, and the piece read since the last one was taken. */

/** Reads a text character by character. */
export class Cursor {
  readonly #characters: readonly string[];
  #start = 0;
  #position = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  /** The next character, which stays; empty at the end. */
  get peeked(): string {
    return this.#characters[this.#position] ?? "";
  }

  /** The character `distance` places behind the next one. */
  before(distance: number): string {
    return this.#characters[this.#position - distance] ?? "";
  }

  /** Whether `text` comes next. */
  isAt(text: string): boolean {
    return this.#characters.slice(this.#position, this.#position + text.length).join("") === text;
  }

  /** Reads on; the character, or empty at the end. */
  next(): string {
    const character = this.peeked;
    if (character !== "") this.#position++;
    return character;
  }

  /** Takes what was read since the last time. */
  take(): string {
    const piece = this.#characters.slice(this.#start, this.#position).join("");
    this.#start = this.#position;
    return piece;
  }

  /** Reads over `text` and drops it and what was read before it. */
  skip(text: string): void {
    this.#position += text.length;
    this.#start = this.#position;
  }
}
