/** Trying one candidate after the other with overlapping attempts: for endpoints, and for the addresses of one name. */

/** How candidates are tried. */
export interface StaggerOptions<C, T> {
  /** Starts an attempt; once the signal aborts it must let go of all it holds. */
  attempt: (candidate: C, signal: AbortSignal) => Promise<T>;
  /** After this without an outcome the next attempt starts too. */
  delayMs: number;
  signal: AbortSignal;
  /** Told of each attempt that failed by itself. */
  onFailure?: (candidate: C, error: unknown) => void;
}

/**
 * The first success among candidates; attempts overlap, a failed one starts the next at once, and
 * when one has succeeded the others are aborted.
 *
 * @throws the failure that came last when all failed; the signal's reason when it aborts
 */
export function stagger<C, T>(
  candidates: readonly C[],
  { attempt, delayMs, signal, onFailure }: StaggerOptions<C, T>,
): Promise<T> {
  const waiting = [...candidates];
  const running = new Set<AbortController>();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const finish = (settle: () => void) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    for (const controller of running) controller.abort();
    settle();
  };
  const onAbort = () => finish(() => reject(signal.reason));

  const startNext = () => {
    clearTimeout(timer);
    const candidate = waiting.shift();
    if (candidate === undefined) return;
    if (waiting.length > 0) timer = setTimeout(startNext, delayMs);
    const controller = new AbortController();
    running.add(controller);
    attempt(candidate, controller.signal).then(
      (value) => {
        running.delete(controller);
        finish(() => resolve(value));
      },
      (error: unknown) => {
        running.delete(controller);
        if (isOver) return;
        onFailure?.(candidate, error);
        if (waiting.length > 0) startNext();
        else if (running.size === 0) finish(() => reject(error));
      },
    );
  };

  if (signal.aborted) return Promise.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  startNext();
  return promise;
}
