/** The events that are shown: how each is read, and what a table says of it (spec/machine-read.md, 19). */

import type * as machine from "../../proto/gen/machine/machine.ts";

/** What a table says of an event besides its name and id. */
export interface EventText {
  source: string;
  message: string;
}

/** One kind of event. */
export interface EventKind {
  /**
   * The fields of an event.
   *
   * @throws what the codec throws for bytes that are no such event
   */
  decode(bytes: Uint8Array): object;
  /** Takes what `decode` gave. */
  describe(data: object): EventText;
}

/** The official client passes nothing to its format for this kind; scripts that read tables know it so. */
const missing = "%!s(MISSING)";

/** All kinds, by the names of their messages. */
export function eventKinds(codecs: typeof machine): ReadonlyMap<string, EventKind> {
  return new Map([
    [
      "SequenceEvent",
      kind(codecs.SequenceEvent, ({ sequence, action, error }) => ({
        source: sequence,
        message: error === undefined ? action : `error: ${error.message}`,
      })),
    ],
    [
      "PhaseEvent",
      kind(codecs.PhaseEvent, ({ phase, action }) => ({
        source: phase,
        message: action,
      })),
    ],
    [
      "TaskEvent",
      kind(codecs.TaskEvent, ({ task, action }) => ({ source: task, message: action })),
    ],
    [
      "ServiceStateEvent",
      kind(codecs.ServiceStateEvent, ({ service, action, message }) => ({
        source: service,
        message: `${action}: ${message}`,
      })),
    ],
    ["ConfigLoadErrorEvent", kind(codecs.ConfigLoadErrorEvent, describeError)],
    ["ConfigValidationErrorEvent", kind(codecs.ConfigValidationErrorEvent, describeError)],
    [
      "AddressEvent",
      kind(codecs.AddressEvent, ({ hostname, addresses }) => ({
        source: hostname,
        message: `ADDRESSES: ${addresses.join(",")}`,
      })),
    ],
    ["MachineStatusEvent", kind(codecs.MachineStatusEvent, describeStatus)],
    ["RestartEvent", kind(codecs.RestartEvent, () => ({ source: missing, message: missing }))],
  ]);
}

function kind<T extends object>(
  codec: { decode(bytes: Uint8Array): T },
  describe: (data: T) => EventText,
): EventKind {
  return {
    decode: (bytes) => codec.decode(bytes),
    // What comes in is what went out above.
    describe: (data) => describe(data as T),
  };
}

function describeError({ error }: { error: string }): EventText {
  return { source: "error", message: error };
}

function describeStatus({ stage, status }: machine.MachineStatusEvent): EventText {
  const conditions = status?.unmetConditions.map(({ name }) => name).join(" ") ?? "";
  return {
    source: stage,
    message: `ready: ${status?.ready ?? false}, unmet conditions: [${conditions}]`,
  };
}
