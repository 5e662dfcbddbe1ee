/** A watch of resources on one node that survives a broken connection where the node allows it. */

import type { Resource } from "../../proto/gen/v1alpha1/resource.ts";
import type { WatchRequest, WatchResponse } from "../../proto/gen/v1alpha1/state.ts";
import type { DeepPartial, Talos } from "../client/talos.ts";
import { CliError, RpcError } from "../errors.ts";
import { sleep } from "../sleep.ts";

/** One event of a watch; `kind` is its name on the wire. */
export interface WatchEvent {
  kind: string;
  resource: Resource | undefined;
  /** What went wrong, with `ERRORED`. */
  error: string;
}

/** What is watched, and on which node; an empty id means all resources of the type. */
export interface WatchOptions {
  talos: Talos;
  node: string;
  wanted: { namespace: string; type: string; id: string };
  /** Ends the watch. */
  signal: AbortSignal;
}

/**
 * Opens a watch and resolves when the node has set it up (spec/resources.md, 2.2).
 *
 * A lost connection is opened again from the last bookmark, with growing pauses; where there is none, or
 * after 15 minutes, the last event is `ERRORED`. The stream ends with the signal.
 *
 * @throws {CliError} when the node refuses.
 */
export async function openWatch(options: WatchOptions): Promise<AsyncIterable<WatchEvent>> {
  const { namespace, type, id } = options.wanted;
  const what = { namespace, type, ...(id === "" ? {} : { id }), apiVersion: 1 };
  const first = await arm(options, { ...what, options: { bootstrapContents: id === "" } });
  return followEvents(options, { what, first });
}

/** Starts the call; its first message is empty and says that nothing will be missed. */
async function arm(
  { talos, node, signal }: WatchOptions,
  request: DeepPartial<WatchRequest>,
): Promise<AsyncIterator<WatchResponse>> {
  const state = await talos.node(node).service("cosi.resource.State");
  const responses = state.watch(request, { signal })[Symbol.asyncIterator]();
  if ((await responses.next()).done === true) throw new RpcError("Unavailable", "EOF");
  return responses;
}

async function* followEvents(
  options: WatchOptions,
  { what, first }: { what: DeepPartial<WatchRequest>; first: AsyncIterator<WatchResponse> },
): AsyncGenerator<WatchEvent> {
  const { signal, wanted: { namespace, type } } = options;
  let responses = first;
  let bookmark: Uint8Array | undefined;
  for (;;) {
    let failure = "EOF";
    try {
      for (;;) {
        const { done, value } = await responses.next();
        if (done === true) break;
        for (const { eventType, resource, error = "", bookmark: mark } of value.event) {
          bookmark = mark;
          yield { kind: eventType, resource, error };
          if (eventType === "ERRORED") return;
        }
      }
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failure = error.message;
    } finally {
      await responses.return?.();
    }
    if (signal.aborted) return;

    const resumed = bookmark === undefined ? undefined : await resume(options, {
      ...what,
      options: { startFromBookmark: bookmark },
    });
    if (signal.aborted) return;
    if (resumed === undefined) {
      const error = `namespace "${namespace}" type "${type}": ${failure}`;
      yield { kind: "ERRORED", resource: undefined, error };
      return;
    }
    responses = resumed;
  }
}

const firstPauseMs = 500;
const pauseFactor = 1.5;
const longestPauseMs = 60_000;
const patienceMs = 15 * 60_000;

/** Undefined when the node does not know the bookmark any more, or stays away. */
async function resume(
  options: WatchOptions,
  request: DeepPartial<WatchRequest>,
): Promise<AsyncIterator<WatchResponse> | undefined> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = firstPauseMs; Date.now() < deadline;) {
    // Up to half less or more, so that many clients do not come back at the same moment.
    try {
      await sleep(pauseMs * (0.5 + Math.random()), options.signal);
      return await arm(options, request);
    } catch (error) {
      if (options.signal.aborted) return undefined;
      if (!(error instanceof CliError)) throw error;
      if (error instanceof RpcError && error.code === "FailedPrecondition") return undefined;
      pauseMs = Math.min(pauseMs * pauseFactor, longestPauseMs);
    }
  }
  return undefined;
}
