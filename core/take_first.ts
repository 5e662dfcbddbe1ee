/** Knowing how a stream begins before deciding what to do with it. */

/** What came first: the stream can still be read as a whole, and fails where it failed. */
export interface Begun<T> {
  /** What was thrown in the place of a first item. */
  error?: unknown;
  /** The first item, if there is one. */
  first?: T;
  all(): AsyncGenerator<T>;
}

/** Waits for the first item of a stream, its end or its failure. */
export async function takeFirst<T>(stream: AsyncGenerator<T>): Promise<Begun<T>> {
  try {
    const first = await stream.next();
    return {
      ...(first.done ? {} : { first: first.value }),
      async *all() {
        if (first.done) return;
        yield first.value;
        yield* stream;
      },
    };
  } catch (error) {
    return {
      error,
      // deno-lint-ignore require-yield -- nothing came
      async *all() {
        throw error;
      },
    };
  }
}
