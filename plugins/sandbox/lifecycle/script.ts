/** What a node does over time, written as a generator: it changes the node, and yields what it waits for. */

import type { SandboxClock } from "../clock.ts";

/** Some milliseconds of the sandbox's time, or something that has to be the case. */
export type Wait = number | (() => boolean);

/** A course of events. Left early by `return`, so that `finally` blocks publish what ends with it. */
export type Script = Generator<Wait, void, undefined>;

/** The time of the script that runs: each wait moves it, however late the process is. */
export interface Timeline {
  at: Date;
}

/** Runs a script in no time, up to its end or to something that is not the case yet. */
export function runAhead(script: Script): Wait | undefined {
  while (true) {
    const step = script.next();
    if (step.done) return undefined;
    if (typeof step.value === "function" && !step.value()) return step.value;
  }
}

/** What playing a script needs. */
export interface PlayOptions {
  clock: SandboxClock;
  timeline: Timeline;
  /** Ends the script. */
  signal: AbortSignal;
  /** Resolves when the node has changed, or `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** What the script waits for already. */
  waitsFor?: Wait | undefined;
}

/** Plays a script along the sandbox's clock; true when it came to its end. */
export async function play(script: Script, options: PlayOptions): Promise<boolean> {
  const { clock, timeline, signal } = options;
  let wait = options.waitsFor;
  while (true) {
    if (typeof wait === "number") {
      timeline.at = new Date(timeline.at.getTime() + wait);
      await clock.until(timeline.at, signal);
    } else if (wait !== undefined) {
      while (!signal.aborted && !wait()) await options.changed(signal);
      timeline.at = clock.now();
    }
    if (signal.aborted) {
      script.return();
      return false;
    }
    const step = script.next();
    if (step.done) return true;
    wait = step.value;
  }
}
