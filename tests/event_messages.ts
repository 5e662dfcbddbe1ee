/** Events as a node sends them, for scripted nodes. */

import * as machine from "../proto/gen/machine/machine.ts";

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  fromPartial(partial: never): T;
}

function event<T>(name: string, codec: Codec<T>, fields: object, actorId: string): object {
  const value = codec.encode(codec.fromPartial(fields as never)).finish();
  return { id: "cr70", actorId, data: { typeUrl: `talos/runtime/machine.${name}`, value } };
}

/** What every stream begins with. */
export const hello = { id: "cr6z", data: { typeUrl: "", value: new Uint8Array() } };

/** `START`, `STOP` or `NOOP` of a sequence. */
export function sequence(name: string, action: string, actorId = "", error?: object): object {
  const fields = { sequence: name, action, ...(error ? { error } : {}) };
  return event("SequenceEvent", machine.SequenceEvent, fields, actorId);
}

/** `START` or `STOP` of a phase. */
export function phase(name: string, action: string, actorId = ""): object {
  return event("PhaseEvent", machine.PhaseEvent, { phase: name, action }, actorId);
}

/** `START` or `STOP` of a task. */
export function task(name: string, action: string, actorId = ""): object {
  return event("TaskEvent", machine.TaskEvent, { task: name, action }, actorId);
}

/** A service has something to say. */
export function serviceState(service: string, message: string, healthy?: boolean): object {
  const health = healthy === undefined ? undefined : { healthy };
  const fields = { service, action: "RUNNING", message, health };
  return event("ServiceStateEvent", machine.ServiceStateEvent, fields, "");
}

/** A change of stage, readiness or unmet conditions. */
export function machineStatus(
  stage: string,
  ready: boolean,
  unmetConditions: readonly { name: string; reason: string }[] = [],
): object {
  const fields = { stage, status: { ready, unmetConditions } };
  return event("MachineStatusEvent", machine.MachineStatusEvent, fields, "");
}

/** An event of a kind that tracking shows nothing of. */
export function restartEvent(cmd: string, actorId = ""): object {
  return event("RestartEvent", machine.RestartEvent, { cmd }, actorId);
}
