/** The sandbox's own time: it stands still and is moved by tests, or follows the real one. */

/** Time as the nodes know it. */
export interface SandboxClock {
  now(): Date;
  /** Moves it forward. */
  advance(durationMs: number): void;
  /** Resolves when it shows `at` or later, and as soon as `signal` aborts. */
  until(at: Date, signal: AbortSignal): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** A clock that stands at `start` until it is advanced; without `start`, one that runs with the real time. */
export function createClock(start: Date | undefined): SandboxClock {
  let advancedMs = 0;
  const waiting = new Set<() => void>();
  const now = () => new Date((start?.getTime() ?? Date.now()) + advancedMs);

  /** Until the clock is advanced, or by itself has come so far, or nobody waits any more. */
  async function change(afterMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = start === undefined
      ? setTimeout(resolve, Math.min(afterMs, longestTimerMs))
      : undefined;
    waiting.add(resolve);
    const stop = () => resolve();
    signal.addEventListener("abort", stop, { once: true });
    await promise;
    signal.removeEventListener("abort", stop);
    waiting.delete(resolve);
    clearTimeout(timer);
  }

  return {
    now,
    advance: (durationMs) => {
      advancedMs += durationMs;
      for (const wake of waiting) wake();
    },
    until: async (at, signal) => {
      while (!signal.aborted && now() < at) await change(at.getTime() - now().getTime(), signal);
    },
  };
}
