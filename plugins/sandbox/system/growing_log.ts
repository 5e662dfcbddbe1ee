/** A log that keeps its newest entries: what is added, and what its writer says from time to time by the sandbox's clock. */

import type { SandboxClock } from "../clock.ts";

/** How a log begins and grows. */
export interface GrowingLogOptions<T> {
  clock: SandboxClock;
  /** The first entries. */
  history: readonly T[];
  /** What is said from time to time. */
  heartbeat?: Heartbeat<T>;
  /** Beyond it the oldest go. */
  capacityBytes: number;
  sizeBytes(entry: T): number;
}

/** An entry each `periodMs` after `startAt`, made by its time and number. */
export interface Heartbeat<T> {
  startAt: Date;
  periodMs: number;
  entry(at: Date, index: number): T;
}

/** A log and its readers. Positions count all entries that there ever were. */
export interface GrowingLog<T> {
  append(entry: T): void;
  /** What it holds, oldest first, and the position behind it. */
  snapshot(): { entries: readonly T[]; end: number };
  /**
   * Entries from a position on, as they come: those that are gone by then are left out, so a slow
   * reader costs nothing. Ends by the abort of `signal`, with its reason.
   */
  follow(position: number, signal: AbortSignal): AsyncGenerator<T>;
}

/** Of a long silence, only so many entries are made up for. */
const mostHeartbeats = 5000;
const never = new Date(8.64e15);

/** A log with its history. */
export function createGrowingLog<T>(options: GrowingLogOptions<T>): GrowingLog<T> {
  const { clock, heartbeat, capacityBytes, sizeBytes } = options;
  const entries: T[] = [];
  let first = 0;
  let heldBytes = 0;
  let heartbeats = 0;
  const waiting = new Set<() => void>();
  const nextHeartbeatAt = () =>
    heartbeat === undefined
      ? never
      : new Date(heartbeat.startAt.getTime() + (heartbeats + 1) * heartbeat.periodMs);

  function push(entry: T): void {
    entries.push(entry);
    heldBytes += sizeBytes(entry);
    while (heldBytes > capacityBytes && entries.length > 1) {
      const oldest = entries.shift();
      if (oldest !== undefined) heldBytes -= sizeBytes(oldest);
      first++;
    }
  }

  function catchUp(): void {
    if (heartbeat === undefined) return;
    const elapsedMs = clock.now().getTime() - heartbeat.startAt.getTime();
    const due = Math.floor(elapsedMs / heartbeat.periodMs);
    heartbeats = Math.max(heartbeats, due - mostHeartbeats);
    while (heartbeats < due) {
      const at = nextHeartbeatAt();
      heartbeats++;
      push(heartbeat.entry(at, heartbeats));
    }
  }

  /** Until there is something to add or something was added. */
  async function more(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
    await clock.until(nextHeartbeatAt(), woken.signal);
    waiting.delete(wake);
    signal.removeEventListener("abort", wake);
    signal.throwIfAborted();
  }

  for (const entry of options.history) push(entry);
  return {
    append: (entry) => {
      catchUp();
      push(entry);
      for (const wake of waiting) wake();
    },
    snapshot: () => {
      catchUp();
      return { entries: entries.slice(), end: first + entries.length };
    },
    follow: async function* (position, signal) {
      let next = position;
      while (true) {
        signal.throwIfAborted();
        catchUp();
        next = Math.max(next, first);
        if (next < first + entries.length) {
          const entry = entries[next - first] as T;
          next++;
          yield entry;
        } else {
          await more(signal);
        }
      }
    },
  };
}
