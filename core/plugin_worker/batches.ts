/** Items on their way in batches, a few at a time: fast for many, prompt for one, and flat in memory for a slow taker. */

/** A batch is full with this many items, */
const fullCount = 256;

/** or with this much in them. */
const fullSize = 256 * 1024;

/** How many batches may be on their way. */
const windowBatches = 4;

/** An item waits this long for others, where the last batch has only just left; else it is sent at once. */
const gatherMs = 10;

/** More turns of promises than a run takes to end behind its last item. */
const endingTurns = 50;

/** A producer that never pauses has its items sent after this. */
const longestMs = 50;

/** The sending side. */
export class BatchSender<T> {
  readonly #send: (items: readonly T[]) => void;
  #items: T[] = [];
  #size = 0;
  #sinceMs = 0;
  #sentMs = 0;
  #onTheWay = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAboutToWait = false;
  #onRoom: (() => void) | undefined;

  constructor(send: (items: readonly T[]) => void) {
    this.#send = send;
  }

  /** Adds an item. Where a promise comes back, the next item has to wait for it. */
  push(item: T): Promise<void> | undefined {
    const nowMs = Date.now();
    if (this.#items.length === 0) this.#sinceMs = nowMs;
    this.#items.push(item);
    this.#size += roughSize(item);
    const isFull = this.#items.length >= fullCount || this.#size >= fullSize;
    if (isFull || nowMs - this.#sinceMs >= longestMs) {
      if (this.#onTheWay < windowBatches) this.#flush();
      else if (isFull) return this.#room().then(() => this.#flush());
    } else if (nowMs - this.#sentMs >= longestMs) this.flush();
    else void this.#flushSoon();
    return undefined;
  }

  /** The first timer of a thread costs it 10 ms: one that is done at once has no need of it. */
  async #flushSoon(): Promise<void> {
    if (this.#timer !== undefined || this.#isAboutToWait) return;
    this.#isAboutToWait = true;
    for (let turn = 0; turn < endingTurns && this.#items.length > 0; turn++) await undefined;
    this.#isAboutToWait = false;
    if (this.#items.length > 0) this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** Sends what there is, if it may; else it leaves with the next batch that is taken. */
  flush(): void {
    this.#stopTimer();
    if (this.#onTheWay < windowBatches) this.#flush();
  }

  /** Sends the rest. */
  async end(): Promise<void> {
    this.#stopTimer();
    if (this.#items.length > 0 && this.#onTheWay >= windowBatches) await this.#room();
    this.#flush();
  }

  /** The other side has taken a batch. */
  taken(): void {
    this.#onTheWay--;
    if (this.#onRoom !== undefined) this.#onRoom();
    else if (this.#timer === undefined && !this.#isAboutToWait) this.#flush();
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = () => {
        this.#onRoom = undefined;
        resolve();
      };
    });
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flush(): void {
    this.#stopTimer();
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#size = 0;
    this.#sentMs = Date.now();
    this.#onTheWay++;
    this.#send(items);
  }
}

/** A record stands in its entry, and bytes in a record. */
const sizedDepth = 2;

/** The bytes and texts an item holds at first sight: enough to keep batches of large ones small. */
function roughSize(item: unknown, depth = 0): number {
  if (typeof item === "string") return item.length;
  if (typeof item !== "object" || item === null) return 0;
  if (item instanceof Uint8Array) return item.byteLength;
  if (depth > sizedDepth) return 0;
  let size = 0;
  // Object.values() takes five times as long.
  for (const key in item) size += roughSize((item as Record<string, unknown>)[key], depth + 1);
  return size;
}

/** Sends all of an iterable. */
export async function sendAll<T>(source: AsyncIterable<T>, sender: BatchSender<T>): Promise<void> {
  for await (const item of source) {
    const wait = sender.push(item);
    if (wait !== undefined) await wait;
  }
  await sender.end();
}

/** The receiving side: batches in, items out. */
export class BatchReceiver<T> {
  readonly #onTaken: () => void;
  #batches: (readonly T[])[] = [];
  #waiting = 0;
  #hasEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  #onDrained: (() => void)[] = [];

  /** @param onTaken Called for each batch whose items were all taken. */
  constructor(onTaken: () => void) {
    this.#onTaken = onTaken;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Adds a batch.
   *
   * @throws {RangeError} When there are more than may be on their way, or it is larger than batches are.
   */
  add(batch: readonly T[]): void {
    if (this.#waiting >= windowBatches || batch.length > fullCount) {
      throw new RangeError("it sends more than it was asked for");
    }
    this.#waiting++;
    this.#batches.push(batch);
    this.#wake?.();
  }

  /** No more will come. */
  end(error?: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    this.#wake?.();
    this.#tellDrained();
  }

  #tellDrained(): void {
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  /** Resolves when all that has come was taken, or no more is taken. */
  async drained(): Promise<void> {
    if (this.#waiting === 0 || this.#hasEnded) return;
    await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  /** All items; to be asked for once. */
  async *items(): AsyncGenerator<T> {
    while (true) {
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        // Half the time of yield*, which waits for each item once more.
        for (const item of batch) yield item;
        this.#waiting--;
        if (this.#waiting === 0) this.#tellDrained();
        this.#onTaken();
      } else if (this.#hasEnded) {
        if (this.#error !== undefined) throw this.#error;
        return;
      } else {
        await new Promise<void>((resolve) => this.#wake = resolve);
        this.#wake = undefined;
      }
    }
  }
}
