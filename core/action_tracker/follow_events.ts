/** Following one node's events through an action, over as many streams as it takes (spec/machine-ops.md, 6.2). */

import { CliError, RpcError } from "../errors.ts";
import { untilAborted } from "../until_aborted.ts";
import { isConnectionLoss, StreamEnd } from "./connection_loss.ts";
import { stopAllServices } from "./expected_events.ts";
import type { Machine } from "./post_checks.ts";
import { retry, RetryLater, type RetryOptions } from "./retry.ts";
import { timeLimit } from "./time_limit.ts";
import { eventText, readEvent, type TrackedEvent } from "./tracked_event.ts";
import type { Show } from "./updates_view.ts";

/** What is followed. */
export interface FollowOptions extends RetryOptions {
  machine: Machine;
  /** Resolves when the node has agreed to the action: only events of this actor are shown. */
  actorId: Promise<string>;
  /** Told once, when the first stream stands or has failed: from then on no event is missed that can be seen. */
  onSubscribed: () => void;
  /** Whether an event, whoever caused it, ends the following. */
  isExpected: (event: TrackedEvent) => boolean;
  /** Whether the node has started anew since the action began; asked where the pause may have hidden it. */
  hasRestarted: () => Promise<boolean>;
  show: Show;
}

/** What one attempt leaves to the next. */
interface Position {
  /** 0: what is new; -1: all that the node has kept. */
  tailEvents: 0 | -1;
  /** Undefined until the node has agreed; empty: events of its own, such as those of a boot. */
  actorId: string | undefined;
  /** The last stream was left on purpose, and events may have come in the pause. */
  mayHaveMissed: boolean;
}

/**
 * Resolves when the expected event has come.
 *
 * @throws {CliError} with all that went wrong, when the action fails, or the signal aborts
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { show, signal, onSubscribed } = options;
  const position: Position = { tailEvents: 0, actorId: undefined, mayHaveMissed: false };
  await retry(async () => {
    try {
      while (!await followStream(options, position)) rewind(position);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (signal.aborted) {
        const isCutOff = signal.reason === timeLimit && error instanceof RpcError;
        throw isCutOff ? cutOff(show) : error;
      }
      if (!isConnectionLoss(error)) {
        show(`error: ${error.message}`, "error");
        position.mayHaveMissed = true;
        throw error;
      }
      show("unavailable, retrying...", "error");
      rewind(position);
      throw new RetryLater(`error while watching events: ${error.message}`, { cause: error });
    } finally {
      onSubscribed();
    }
  }, options);
}

/** A stream that `--timeout` has ended, in the words of the official client. */
function cutOff(show: Show): RpcError {
  const error = new RpcError(
    "DeadlineExceeded",
    "stream terminated by RST_STREAM with error code: CANCEL",
  );
  show(`error: ${error.message}`, "error");
  return error;
}

/** From here on the node's own events count, from the first it has kept. */
function rewind(position: Position): void {
  Object.assign(position, { tailEvents: -1, actorId: "", mayHaveMissed: false });
}

/** True when the expected event has come; false when the node turns out to have events from before this stream. */
async function followStream(options: FollowOptions, position: Position): Promise<boolean> {
  const { machine, signal, isExpected, show } = options;
  const codecs = await import("../../proto/gen/machine/machine.ts");
  let isFirst = true;
  for await (const message of machine.events({ tailEvents: position.tailEvents }, { signal })) {
    // The first message only says that the stream stands.
    if (isFirst) {
      isFirst = false;
      options.onSubscribed();
      if (position.mayHaveMissed && await hasRestarted(options)) return false;
      position.actorId ??= await awaitActor(options);
      continue;
    }
    const event = readEvent(codecs, message);
    if (isExpected(event)) return true;
    if (message.actorId !== position.actorId) continue;
    const text = eventText(event);
    if (text !== undefined) show(text, "running");
    throwAtTurningPoint(event);
  }
  throw new StreamEnd();
}

async function awaitActor({ actorId, show, signal }: FollowOptions): Promise<string> {
  show("waiting for actor ID", "running");
  const id = await untilAborted(actorId, signal);
  show(`actor ID: ${id}`, "running");
  return id;
}

/** A node that cannot say it is not there, which the stream will find out. */
async function hasRestarted(options: FollowOptions): Promise<boolean> {
  try {
    return await options.hasRestarted();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return false;
  }
}

/** After these events the stream is left: the node goes down, or has given up. */
function throwAtTurningPoint(event: TrackedEvent): void {
  if (event.kind === "task" && event.data.task === stopAllServices) {
    throw new RetryLater("stopAllServices task completed");
  }
  if (event.kind !== "sequence") return;
  const { sequence, error } = event.data;
  if (sequence === "reboot") throw new RetryLater("reboot sequence completed");
  if (error?.message) throw new CliError(`sequence error: ${error.message}`);
}
