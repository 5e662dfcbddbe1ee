/** `get --watch`: the changes of all nodes as one stream, until the user interrupts it. */

import type { Context, Entry } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { withPrefix } from "../../core/error_prefix.ts";
import { mergeArrivals } from "../../core/merge_arrivals.ts";
import { readItem } from "../../core/resources/item.ts";
import { openWatch, type WatchEvent } from "../../core/resources/watch_stream.ts";
import type { ItemEvent, ItemPrinter } from "./printers.ts";
import type { Wanted } from "./wanted.ts";

/** The events that are shown, by their name on the wire. */
const shownEvents: Readonly<Record<string, ItemEvent>> = {
  CREATED: "created",
  UPDATED: "updated",
  DESTROYED: "destroyed",
};

/**
 * Opens the watches node after node, then prints what comes in order of arrival.
 *
 * A table's rows wait for the first node to have sent all it has, so that they are aligned
 * together; from then on, and for a single resource always, each is written at once (spec/resources.md, 5.5).
 *
 * @throws {CliError} when a watch cannot be opened or breaks: that ends the command.
 */
export async function* watch(
  { talos, signal }: Pick<Context, "talos" | "signal">,
  { nodes, wanted, printer }: {
    nodes: readonly string[];
    wanted: Wanted;
    printer: ItemPrinter;
  },
): AsyncGenerator<Entry<object>> {
  const ended = new AbortController();
  const callSignal = AbortSignal.any([signal, ended.signal]);
  try {
    const streams: AsyncIterable<WatchEvent & { node: string }>[] = [];
    for (const node of nodes) {
      const opening = openWatch({ talos, node, wanted, signal: callSignal });
      const prefix = `error setting up watch on node ${node}`;
      streams.push(withNode(node, await withPrefix(prefix, opening)));
    }

    let isFlushing = wanted.id !== "";
    for await (const { node, kind, resource, error } of mergeArrivals(streams)) {
      if (kind === "ERRORED") throw new CliError(`error watching resource: ${error}`);
      if (kind === "BOOTSTRAPPED") isFlushing = true;
      const event = shownEvents[kind];
      if (event !== undefined && resource !== undefined) {
        yield* printer.print({ node, item: readItem(resource), event });
      }
      if (isFlushing) yield printer.flush();
    }
    yield printer.flush();
  } catch (error) {
    yield printer.flush();
    // Interrupting is how a watch ends: what the cancelled calls say does not matter.
    if (!signal.aborted) throw error;
  } finally {
    ended.abort();
  }
}

async function* withNode(
  node: string,
  events: AsyncIterable<WatchEvent>,
): AsyncGenerator<WatchEvent & { node: string }> {
  for await (const event of events) yield { ...event, node };
}
