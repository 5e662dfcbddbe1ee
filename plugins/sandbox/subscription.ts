/** From a listener to an async iterable that a slow reader cannot make grow. */

/** How far the reader may be behind, and when it ends. */
export interface SubscriptionOptions {
  capacity: number;
  signal: AbortSignal;
}

/**
 * Subscribes at once and yields what comes, until `signal` aborts or the reader is more than `capacity`
 * entries behind. `open` is given the listener and returns what ends it.
 */
export function subscription<T>(
  open: (listener: (entry: T) => void) => () => void,
  { capacity, signal }: SubscriptionOptions,
): AsyncGenerator<T> {
  const waiting: T[] = [];
  let hasOverrun = false;
  let wake = () => {};
  const close = open((entry) => {
    if (waiting.length >= capacity) hasOverrun = true;
    else waiting.push(entry);
    wake();
  });
  const onAbort = () => {
    close();
    wake();
  };
  signal.addEventListener("abort", onAbort, { once: true });

  async function* read(): AsyncGenerator<T> {
    try {
      while (true) {
        const entry = waiting.shift();
        if (entry !== undefined) {
          // What came before the end still goes out.
          yield entry;
        } else if (hasOverrun || signal.aborted) {
          return;
        } else {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      close();
    }
  }
  return read();
}
