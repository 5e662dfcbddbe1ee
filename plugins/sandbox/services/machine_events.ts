/** MachineService/Events: what happened on a node, and what happens from now on (spec/machine-read.md, 28.3). */

import { RpcError } from "../../../core/errors.ts";
import type { DeepPartial } from "../../../core/client/talos.ts";
import type { Event, EventsRequest } from "../../../proto/gen/machine/machine.ts";
import type { EventPayload, NodeEvent } from "../event_log.ts";
import { isXid } from "../ids.ts";
import { implement } from "../service_group.ts";
import { subscription } from "../subscription.ts";

/** Of the ring, so many are served; a reader further behind is cut off. */
const servedCount = 990;
const ringLength = 1000;

export const machineEvents = implement("machine.MachineService", {
  events: async function* (request, { cluster, node, signal }) {
    checkSelectors(request);
    const actorId = request.withActorId;
    const live = subscription(node.events.subscribe, { capacity: ringLength, signal });
    const past = select(node.events.history(), request, cluster.clock.now());
    const isWanted = (event: NodeEvent) => actorId === "" || event.actorId === actorId;

    yield { id: node.events.nextId(cluster.clock.now()), actorId, data: {} };
    for (const event of past.filter(isWanted)) yield await toMessage(event);
    for await (const event of live) {
      if (isWanted(event)) yield await toMessage(event);
    }
    signal.throwIfAborted();
  },
});

function checkSelectors({ tailEvents, tailId, tailSeconds }: EventsRequest): void {
  const refuse = (text: string) => new RpcError("Unknown", text);
  const clash = (one: string, others: string) =>
    refuse(`${one} can't be specified at the same time with ${others}`);
  if (tailId !== "" && (tailEvents !== 0 || tailSeconds !== 0)) {
    throw clash("WithTailID", "WithTailEvents or WithTailDuration");
  }
  if (tailSeconds !== 0 && tailEvents !== 0) {
    throw clash("WithTailDuration", "WithTailEvents or WithTailID");
  }
  if (tailId !== "" && !isXid(tailId)) throw refuse("error parsing tail_id: xid: invalid ID");
}

/** What of the past is asked for: nothing without a selector. */
function select(
  history: readonly NodeEvent[],
  { tailEvents, tailId, tailSeconds }: EventsRequest,
  now: Date,
): readonly NodeEvent[] {
  const served = history.slice(-servedCount);
  if (tailId !== "") return served.filter(({ id }) => id > tailId);
  if (tailSeconds > 0) {
    const since = now.getTime() - tailSeconds * 1000;
    return served.filter(({ at }) => at.getTime() > since);
  }
  if (tailEvents < 0) return served;
  return tailEvents === 0 ? [] : served.slice(-tailEvents);
}

async function toMessage({ id, actorId, payload }: NodeEvent): Promise<DeepPartial<Event>> {
  const typeUrl = `talos/runtime/machine.${payload.type}`;
  return { id, actorId, data: { typeUrl, value: await encodePayload(payload) } };
}

async function encodePayload({ type, message }: EventPayload): Promise<Uint8Array> {
  const codecs = await import("../../../proto/gen/machine/machine.ts");
  const { fromPartial, encode } = codecs[type];
  return (encode as (message: unknown) => { finish(): Uint8Array })(
    (fromPartial as (message: unknown) => unknown)(message),
  ).finish();
}
