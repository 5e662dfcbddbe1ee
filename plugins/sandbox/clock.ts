/** The sandbox's own time: it stands still and is moved by tests, or follows the real one at some speed. */

/** Time as the nodes know it. */
export interface SandboxClock {
  /** What it shows. */
  now(): Date;
  /** Moves it forward. */
  advance(durationMs: number): void;
  /** Resolves when it shows `at` or later, and as soon as `signal` aborts. */
  until(at: Date, signal: AbortSignal): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** How a clock goes. */
export interface ClockOptions {
  /** What it shows first; default the real time. */
  start?: Date | undefined;
  /** Its seconds in one real second; 0 stands still until it is advanced. Default 1, and 0 with a `start`. */
  speed?: number | undefined;
}

/** A clock; it can be advanced whatever its speed. */
export function createClock(
  { start, speed = start === undefined ? 1 : 0 }: ClockOptions,
): SandboxClock {
  let advancedMs = 0;
  const realStartMs = Date.now();
  const startMs = start?.getTime() ?? realStartMs;
  const waiting = new Set<() => void>();
  const now = () => new Date(startMs + (Date.now() - realStartMs) * speed + advancedMs);

  /** Until the clock is advanced, or by itself has come so far, or nobody waits any more. */
  async function change(afterMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = speed > 0
      ? setTimeout(resolve, Math.min(Math.ceil(afterMs / speed), longestTimerMs))
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
