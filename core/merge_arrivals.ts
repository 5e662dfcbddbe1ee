/** Several streams as one, in order of arrival. */

/**
 * Yields what any of the sources yields, as it comes. A source is asked for more only after what it
 * gave last was taken, so a slow reader never fills memory.
 *
 * Leaving early closes the sources; one that waits must be ended by its own signal.
 *
 * @throws What a source throws, when its turn comes.
 */
export async function* mergeArrivals<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const arrivals: { take: () => T; taken: () => void }[] = [];
  let wake = () => {};
  let open = sources.length;
  let isLeft = false;
  let taken = () => {};

  const offer = (take: () => T) =>
    new Promise<void>((resolve) => {
      arrivals.push({ take, taken: resolve });
      wake();
    });
  const pump = async (source: AsyncIterable<T>) => {
    try {
      for await (const item of source) {
        if (isLeft) return;
        await offer(() => item);
        if (isLeft) return;
      }
    } catch (error) {
      void offer(() => {
        throw error;
      });
    } finally {
      open--;
      wake();
    }
  };

  for (const source of sources) void pump(source);
  try {
    for (;;) {
      const arrival = arrivals.shift();
      if (arrival !== undefined) {
        taken = arrival.taken;
        yield arrival.take();
        taken();
        continue;
      }
      if (open === 0) return;
      await new Promise<void>((resolve) => wake = resolve);
    }
  } finally {
    isLeft = true;
    taken();
    for (const arrival of arrivals) arrival.taken();
  }
}
