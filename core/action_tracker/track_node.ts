/** One node's way through a tracked action: events, the action itself, the check at its end (spec/machine-ops.md, 6.1). */

import type { CallOptions, Talos } from "../client/talos.ts";
import { CliError } from "../errors.ts";
import { sleep } from "../sleep.ts";
import { readBootId } from "./boot_id.ts";
import { followEvents } from "./follow_events.ts";
import { hasRebooted, type Machine, passPostCheck, type PostCheck } from "./post_checks.ts";
import type { RetryOptions } from "./retry.ts";
import type { TrackedEvent } from "./tracked_event.ts";
import type { Show } from "./updates_view.ts";

/** How long the action waits for the stream that is to tell of it. */
const subscribedWithinMs = 1000;

/** An action that nodes agree to at once and then carry out. */
export interface TrackedAction {
  /** As its command is called, such as `reboot`. */
  name: string;
  nodes: readonly string[];
  /** Asks a node to begin; the answer bears the id of what it does from then on. */
  start(
    machine: Machine,
    options: CallOptions,
  ): Promise<{ messages: readonly { actorId: string }[] }>;
  /** Whether an event shows that the action is done. */
  isExpected(event: TrackedEvent): boolean;
  /** What must be so afterwards; default nothing. */
  postCheck?: PostCheck;
}

/** What the node is tracked with. */
export interface TrackNodeOptions extends RetryOptions {
  node: string;
  machine: Machine;
  talos: Talos;
  show: Show;
  /** Told when the node has agreed: it goes on whatever becomes of the tracking. */
  onStarted: () => void;
}

/**
 * Takes one node through the action.
 *
 * @throws {CliError} with the text of its last update
 */
export async function trackNode(action: TrackedAction, options: TrackNodeOptions): Promise<void> {
  const { machine, show } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const actorId = Promise.withResolvers<string>();
  const subscribed = Promise.withResolvers<void>();
  let bootIdBefore: string | undefined;
  const checked = () => ({ ...options, signal, bootIdBefore });
  const following = followEvents({
    ...options,
    signal,
    actorId: actorId.promise,
    onSubscribed: subscribed.resolve,
    isExpected: (event) => action.isExpected(event),
    hasRestarted: async () => bootIdBefore !== undefined && await hasRebooted(checked()),
  });
  following.catch(() => {}); // awaited below, unless the action fails first
  try {
    if (action.postCheck) bootIdBefore = await readBootId(machine, signal);
    // What the node sends before the stream stands is lost, but a slow stream must not hold the action up.
    await atMost(subscribedWithinMs, subscribed.promise, signal);
    const [answer] = (await action.start(machine, { signal })).messages;
    if (answer === undefined) throw new CliError("no messages returned from action run");
    options.onStarted();
    actorId.resolve(answer.actorId);
    await following;
    show("events check condition met", action.postCheck ? "running" : "succeeded");
    if (action.postCheck) {
      await passPostCheck(action.postCheck, checked(), { ...options, signal });
    }
  } finally {
    left.abort();
    await following.catch(() => {}); // told above
  }
}

/** Waits for a promise that does not fail, but not longer than `timeoutMs`. */
async function atMost(
  timeoutMs: number,
  promise: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const waiting = sleep(timeoutMs, AbortSignal.any([signal, settled.signal]));
  await Promise.race([promise, waiting]).finally(() => settled.abort());
  await waiting.catch(() => {}); // called off
}
