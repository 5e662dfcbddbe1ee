/** The ring of a node's events, and who follows it (spec/machine-read.md, 28.3). */

import type { DeepPartial } from "../../core/client/talos.ts";
import type {
  AddressEvent,
  MachineStatusEvent,
  PhaseEvent,
  RestartEvent,
  SequenceEvent,
  ServiceStateEvent,
  TaskEvent,
} from "../../proto/gen/machine/machine.ts";

/** What happened: the message type and its fields. */
export type EventPayload =
  | { type: "ServiceStateEvent"; message: DeepPartial<ServiceStateEvent> }
  | { type: "MachineStatusEvent"; message: DeepPartial<MachineStatusEvent> }
  | { type: "SequenceEvent"; message: DeepPartial<SequenceEvent> }
  | { type: "PhaseEvent"; message: DeepPartial<PhaseEvent> }
  | { type: "TaskEvent"; message: DeepPartial<TaskEvent> }
  | { type: "RestartEvent"; message: DeepPartial<RestartEvent> }
  | { type: "AddressEvent"; message: DeepPartial<AddressEvent> };

/** An event of a node. */
export interface NodeEvent {
  /** An xid. */
  id: string;
  /** A UUID where a call caused it, else empty. */
  actorId: string;
  at: Date;
  payload: EventPayload;
}

/** The last 1,000 events. */
export interface EventLog {
  publish(at: Date, payload: EventPayload, actorId?: string): void;
  /** An id for what is no event of the log. */
  nextId(at: Date): string;
  /** Oldest first. */
  history(): readonly NodeEvent[];
  /** Tells `listener` of every event from now on, until the returned function is called. */
  subscribe(listener: (event: NodeEvent) => void): () => void;
}

const ringLength = 1000;

/** An empty log; `nextId` names its events. */
export function createEventLog(nextId: (at: Date) => string): EventLog {
  const ring: NodeEvent[] = [];
  const listeners = new Set<(event: NodeEvent) => void>();
  return {
    nextId,
    publish: (at, payload, actorId = "") => {
      const event = { id: nextId(at), actorId, at, payload };
      ring.push(event);
      if (ring.length > ringLength) ring.shift();
      for (const listener of listeners) listener(event);
    },
    history: () => ring,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
