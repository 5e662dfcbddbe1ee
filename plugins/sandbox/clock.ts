/** The sandbox's own time: it stands still and is moved by tests, or follows the real one. */

/** Time as the nodes know it. */
export interface SandboxClock {
  now(): Date;
  /** Moves it forward. */
  advance(durationMs: number): void;
}

/** A clock that stands at `start` until it is advanced; without `start`, one that runs with the real time. */
export function createClock(start: Date | undefined): SandboxClock {
  let advancedMs = 0;
  return {
    now: () => new Date((start?.getTime() ?? Date.now()) + advancedMs),
    advance: (durationMs) => {
      advancedMs += durationMs;
    },
  };
}
