/** Watches of one resource or of a whole kind (spec/resources.md, 2.2). They end with the caller. */

import type { DeepPartial } from "../../core/client/talos.ts";
import { RpcError } from "../../core/errors.ts";
import type { Event, WatchOptions, WatchResponse } from "../../proto/gen/v1alpha1/state.ts";
import { tombstone, toProto } from "./cosi_proto.ts";
import { resourceFilter } from "./cosi_query.ts";
import type { CosiStore, Resource, StoreEvent } from "./cosi_store.ts";
import { subscription } from "./subscription.ts";

/** What is to be watched. */
export interface WatchTarget {
  namespace: string;
  type: string;
  options: WatchOptions | undefined;
  apiVersion: number;
}

/** Where, and until when. */
export interface WatchContext {
  store: CosiStore;
  now: Date;
  signal: AbortSignal;
}

type Answer = AsyncGenerator<DeepPartial<WatchResponse>>;
type WireEvent = DeepPartial<Event>;

/** Events that a slow reader may be behind. */
const capacity = 1024;
/** The first half of every bookmark: another process's are of no use here. */
const processId = crypto.getRandomValues(new Uint8Array(8));

/** Watches one resource: its present state first, or a tombstone. */
export async function* watchResource(
  target: WatchTarget & { id: string },
  { store, now, signal }: WatchContext,
): Answer {
  const { namespace, type, id, options } = target;
  if (options?.bootstrapContents) {
    throw unimplemented("bootstrap contents is not implemented for resource watch");
  }
  if (options?.labelQuery?.length) {
    throw unimplemented("label query is not implemented for resource watch");
  }
  const isOfTarget = (event: StoreEvent) => event.resource.id === id;
  const past = replayed(target, store, isOfTarget);
  const resource = store.get(namespace, type, id);
  const initial: WireEvent = resource === undefined
    ? { eventType: "DESTROYED", resource: tombstone(target, now) }
    : { eventType: "CREATED", resource: toProto(resource) };

  const live = follow(target, store, signal);
  yield { event: [] };
  for (const event of past?.map(wireEvent) ?? [initial]) yield { event: [event] };
  for await (const event of live) if (isOfTarget(event)) yield { event: [wireEvent(event)] };
  yield* overrun(target, store, signal);
}

/** Watches all of a type in a namespace, through the filters of the options. */
export async function* watchKind(
  target: WatchTarget,
  { store, now, signal }: WatchContext,
): Answer {
  const { namespace, type, options, apiVersion } = target;
  const isWanted = resourceFilter({
    labelQuery: options?.labelQuery ?? [],
    idQuery: options?.idQuery,
  });
  const past = replayed(target, store, () => true);
  const { position } = store.history(namespace, type);
  const marker = (eventType: "BOOTSTRAPPED" | "NOOP"): WireEvent => ({
    eventType,
    resource: tombstone({ namespace, type, id: "" }, now),
    bookmark: bookmark(position),
  });

  const initial: WireEvent[] = [];
  if (options?.bootstrapContents) {
    for (const resource of store.list(namespace, type)) {
      if (isWanted(resource)) initial.push({ eventType: "CREATED", resource: toProto(resource) });
    }
    if (apiVersion >= 1) initial.push(marker("BOOTSTRAPPED"));
  }
  if (options?.bootstrapBookmark) initial.push(marker("NOOP"));
  for (const event of past ?? []) initial.push(...filtered(event, isWanted));

  const live = follow(target, store, signal);
  yield { event: [] };
  if (options?.aggregated && initial.length > 0) yield { event: initial };
  else for (const event of initial) yield { event: [event] };
  for await (const event of live) {
    for (const wire of filtered(event, isWanted)) yield { event: [wire] };
  }
  yield* overrun(target, store, signal);
}

function follow(
  { namespace, type }: WatchTarget,
  store: CosiStore,
  signal: AbortSignal,
): AsyncGenerator<StoreEvent> {
  const open = (listener: (event: StoreEvent) => void) =>
    store.subscribe(namespace, type, listener);
  return subscription(open, { capacity, signal });
}

/** What a reader is told that fell behind; nothing where it left by itself. */
async function* overrun(
  { namespace, type, apiVersion }: WatchTarget,
  store: CosiStore,
  signal: AbortSignal,
): Answer {
  if (signal.aborted || apiVersion < 1) return;
  const { position } = store.history(namespace, type);
  const error = `buffer overrun: namespace "${namespace}" type "${type}", write pos ${position}, ` +
    `pos ${position - capacity}, capacity ${capacity}`;
  yield { event: [{ eventType: "ERRORED", error }] };
}

/** Events asked for from the past; undefined where none are. */
function replayed(
  { namespace, type, options }: WatchTarget,
  store: CosiStore,
  isOfTarget: (event: StoreEvent) => boolean,
): readonly StoreEvent[] | undefined {
  const start = options?.startFromBookmark;
  const tailEvents = options?.tailEvents ?? 0;
  if (tailEvents > 0 && start !== undefined) {
    throw new RpcError("Unknown", "cannot use both TailEvents and StartFromBookmark options");
  }
  if (options?.bootstrapContents && (tailEvents > 0 || start !== undefined)) {
    const text = "cannot use BootstrapContents with TailEvents and StartFromBookmark options";
    throw new RpcError("Unknown", text);
  }
  const { events, position } = store.history(namespace, type);
  if (tailEvents > 0) return events.filter(isOfTarget).slice(-tailEvents);
  if (start === undefined) return undefined;

  const from = readBookmark(start);
  const isKept = from === position || events.some((event) => event.position === from + 1);
  if (from > position || !isKept) throw invalidBookmark();
  return events.filter((event) => event.position > from && isOfTarget(event));
}

function wireEvent({ kind, resource, old, position }: StoreEvent): WireEvent {
  return {
    eventType: kind,
    resource: toProto(resource),
    ...(old === undefined ? {} : { old: toProto(old) }),
    bookmark: bookmark(position),
  };
}

/** Through a filter, what leaves it is destroyed and what enters it is created. */
function filtered(
  event: StoreEvent,
  isWanted: (resource: Resource) => boolean,
): readonly WireEvent[] {
  const isIn = isWanted(event.resource);
  if (event.kind !== "UPDATED" || event.old === undefined) return isIn ? [wireEvent(event)] : [];
  const wasIn = isWanted(event.old);
  if (isIn && wasIn) return [wireEvent(event)];
  if (!isIn && !wasIn) return [];
  const { resource, position } = event;
  return [wireEvent({ kind: isIn ? "CREATED" : "DESTROYED", resource, position })];
}

function bookmark(position: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(processId);
  new DataView(bytes.buffer).setBigUint64(8, BigInt(position));
  return bytes;
}

function readBookmark(bytes: Uint8Array): number {
  const isOurs = bytes.length === 16 && processId.every((byte, index) => byte === bytes[index]);
  if (!isOurs) throw invalidBookmark();
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(8));
}

function invalidBookmark(): RpcError {
  return new RpcError("FailedPrecondition", "invalid watch bookmark");
}

function unimplemented(text: string): RpcError {
  return new RpcError("Unimplemented", text);
}
