/** Whether a node's API answers: it comes with machined and apid, and goes with them. */

/** The API of one node. */
export class NodeApi {
  #isUp = true;
  #gone = new AbortController();
  readonly #listeners: ((isUp: boolean) => void)[] = [];

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Aborts when the API goes away: what it is answering then ends. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Lets the API come or go. */
  set(isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    if (isUp) this.#gone = new AbortController();
    else this.#gone.abort();
    for (const listener of this.#listeners) listener(isUp);
  }

  /** Breaks off what is being answered, as when the cable is pulled; the API itself stays as it is. */
  breakOff(): void {
    const broken = this.#gone;
    if (this.#isUp) this.#gone = new AbortController();
    broken.abort();
  }

  /** Tells `listener` from now on. */
  follow(listener: (isUp: boolean) => void): void {
    this.#listeners.push(listener);
  }
}
