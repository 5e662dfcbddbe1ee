/** `talosctl events`: what happens on the nodes, as it happens. */

import type { Command, Entry, Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { partialNotice } from "../../core/partial_notice.ts";
import type { Event } from "../../proto/gen/machine/machine.ts";
import { type EventKind, eventKinds } from "./event_kinds.ts";

/** One event of one node. */
interface EventRecord {
  node: string;
  /** Larger ids are later ones. */
  id: string;
  /** `talos/runtime/machine.` and the name of the event. */
  event: string;
  /** The action that caused it, or empty. */
  actorId: string;
  /** What a table shows. */
  source: string;
  message: string;
  /** All fields of the event. */
  data: object;
}

const flags = {
  actorId: { type: "string", help: "Show events of this action only" },
  duration: { type: "duration", help: "Begin with the events of this last span of time" },
  since: { type: "string", help: "Begin after the event with this id" },
  tail: {
    type: "int32",
    help: "Number of past events to begin with; -1 is all that are kept",
  },
} as const satisfies Flags;

export const events: Command<EventRecord, typeof flags> = {
  path: ["events"],
  summary: "Follow what happens on nodes",
  description: `Prints events of the machine as they come: sequences and their phases, services,
configuration, addresses. It runs until it is interrupted. Past events come
first where one of --tail, --duration or --since asks for them; only one of the
three can be given.`,
  example: `  talosctl events -n 10.5.0.2
  talosctl events -n 10.5.0.2 --duration 10m
  talosctl events -n 10.5.0.2 --tail -1`,
  group: "talos",
  args: { rule: "unchecked" },
  flags,
  targets: "many",
  // Spec/machine-read.md, 19: each event takes two lines, under a header for one.
  layout: ({ first }) => ({
    flush: "each",
    rows: (record) => {
      const { node, id, event, actorId, source, message } = record;
      const rows = [[node, id, event], [actorId, source, message]];
      return record === first ? [header, ...rows] : rows;
    },
  }),

  async *run({ flags: { actorId, duration, since, tail }, nodes, note, talos, signal }) {
    const machine = await talos.nodes(await nodes()).service("machine.MachineService");
    const kinds = eventKinds(await import("../../proto/gen/machine/machine.ts"));
    const request = {
      tailEvents: tail,
      tailId: since,
      tailSeconds: Math.trunc(duration / 1000) | 0, // int32
      withActorId: actorId,
    };
    const begun = new Set<string>();
    for await (const answer of machine.events(request)) {
      const { node } = answer;
      if (!("error" in answer)) {
        for (const entry of shown(node, answer.value, kinds)) {
          begun.add(node);
          yield entry;
        }
      } else if (!signal.aborted) { // an interrupt is how following ends
        if (begun.has(node)) note(partialNotice(`what was printed of node ${node}`));
        yield answer;
      }
    }
  },
};

const header = ["NODE", "ID", "EVENT", "ACTOR", "SOURCE", "MESSAGE"];

const typePrefix = "talos/runtime/machine.";

/** Nothing for events of kinds that are not known, such as the empty one that begins every stream. */
function* shown(
  node: string,
  { id, actorId, data: any }: Event,
  kinds: ReadonlyMap<string, EventKind>,
): Generator<Entry<EventRecord>> {
  const event = any?.typeUrl ?? "";
  const kind = event.startsWith(typePrefix) && kinds.get(event.slice(typePrefix.length));
  if (!kind) return;
  try {
    const data = kind.decode(any?.value ?? new Uint8Array());
    yield { node, id, event, actorId, ...kind.describe(data), data };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    yield { node, error: new CliError(`reading event ${id}: ${reason}`, { cause }) };
  }
}
