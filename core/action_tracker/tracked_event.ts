/** The events of a node as tracking sees them: what each is, and its line (spec/machine-ops.md, 6.2). */

import type * as codecs from "../../proto/gen/machine/machine.ts";
import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";

/** One event that tracking may act on; the others are `other`. */
export type TrackedEvent =
  | { kind: "sequence"; data: codecs.SequenceEvent }
  | { kind: "phase"; data: codecs.PhaseEvent }
  | { kind: "task"; data: codecs.TaskEvent }
  | { kind: "machine status"; data: codecs.MachineStatusEvent }
  | { kind: "service"; data: codecs.ServiceStateEvent }
  | { kind: "other" };

const typePrefix = "talos/runtime/machine.";

const otherKinds = [
  "ConfigLoadErrorEvent",
  "ConfigValidationErrorEvent",
  "AddressEvent",
  "RestartEvent",
];

/**
 * Reads an event.
 *
 * @param machine The codecs, which are too heavy to be imported with this module.
 * @throws {CliError} for a kind that is not known, a broken event, or one that carries a failure
 */
export function readEvent(machine: typeof codecs, event: codecs.Event): TrackedEvent {
  const { metadata, data: any } = event;
  if (metadata !== undefined && metadata.error !== "") {
    throw new CliError(`${metadata.hostname}: ${metadata.error}`);
  }
  const url = any?.typeUrl ?? "";
  const bytes = any?.value ?? new Uint8Array();
  try {
    switch (url.startsWith(typePrefix) ? url.slice(typePrefix.length) : "") {
      case "SequenceEvent":
        return { kind: "sequence", data: machine.SequenceEvent.decode(bytes) };
      case "PhaseEvent":
        return { kind: "phase", data: machine.PhaseEvent.decode(bytes) };
      case "TaskEvent":
        return { kind: "task", data: machine.TaskEvent.decode(bytes) };
      case "MachineStatusEvent":
        return { kind: "machine status", data: machine.MachineStatusEvent.decode(bytes) };
      case "ServiceStateEvent":
        return { kind: "service", data: machine.ServiceStateEvent.decode(bytes) };
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`reading event ${event.id}: ${reason}`, { cause });
  }
  if (otherKinds.some((kind) => url === typePrefix + kind)) return { kind: "other" };
  throw new CliError(`event is not supported: ${url}`);
}

/** What is shown of an event; nothing for kinds that are not shown. */
export function eventText(event: TrackedEvent): string | undefined {
  switch (event.kind) {
    case "sequence":
      return sequenceText(event.data);
    case "phase":
      return `phase: ${event.data.phase} action: ${event.data.action}`;
    case "task":
      return `task: ${event.data.task} action: ${event.data.action}`;
    case "machine status": {
      const { stage, status } = event.data;
      const conditions = status?.unmetConditions ?? [];
      const unmet = conditions.map(({ name, reason }) =>
        `name:${goQuote(name)} reason:${goQuote(reason)}`
      );
      return `stage: ${stage} ready: ${status?.ready ?? false} unmetCond: [${unmet.join(" ")}]`;
    }
    case "service": {
      const { service, message, health } = event.data;
      return `service: ${service} message: ${message} healthy: ${health?.healthy ?? false}`;
    }
    case "other":
      return undefined;
  }
}

/** Code and message of an error stand in each other's place, as in the official text. */
function sequenceText({ sequence, action, error }: codecs.SequenceEvent): string {
  const text = `sequence: ${sequence} action: ${action}`;
  if (!error?.message) return text;
  return `${text} error: [code: ${error.message} message: ${error.code}]`;
}
