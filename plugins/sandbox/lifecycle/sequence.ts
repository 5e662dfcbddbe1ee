/** One sequence: its events, the stage it puts the machine in, and its tasks one after another (spec/machine-ops.md, 16.4 and 16.5). */

import { applyChange } from "../changes.ts";
import type { EventPayload } from "../event_log.ts";
import type { MachineStage, SandboxNode } from "../node.ts";
import { type Phase, phasesOf, type SequenceName, type SequenceOptions } from "./phases.ts";
import type { Script, Timeline } from "./script.ts";

/** A sequence as it runs. */
export interface SequenceRun {
  node: SandboxNode;
  name: SequenceName;
  options: SequenceOptions;
  /** A UUID for sequences that a call asked for, else empty. */
  actorId: string;
  timeline: Timeline;
}

/** What a task does to the node; most take some time and do nothing that can be seen. */
export type Tasks = (task: string, run: SequenceRun) => Script;

/** A task that did not succeed: it ends its sequence. */
export class TaskFailure extends Error {}

const stageAtStart: Partial<Record<SequenceName, MachineStage>> = {
  initialize: "booting",
  boot: "booting",
  reboot: "rebooting",
  shutdown: "shutting down",
  reset: "resetting",
  upgrade: "upgrading",
  stageUpgrade: "upgrading",
  maintenanceUpgrade: "upgrading",
};

/** Runs a sequence from its start to its end; what ends it early is said in an event. */
export function* runSequence(run: SequenceRun, tasks: Tasks): Script {
  const { node, name, options, timeline } = run;
  const publish = publisher(run);
  publish({ type: "SequenceEvent", message: { sequence: name, action: "START" } });
  const stage = stageAtStart[name];
  if (stage !== undefined) applyChange(node, { kind: "stage", stage }, timeline);
  const phases = phasesOf(name, node.platform, options);
  let ended = "taken over" as "done" | "taken over" | TaskFailure;
  let reached = 0;
  try {
    for (const phase of phases) {
      reached++;
      yield* runPhase(run, phase, tasks);
    }
    ended = "done";
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    ended = error;
  } finally {
    publish({ type: "SequenceEvent", message: { sequence: name, action: "STOP" } });
    if (ended !== "done") {
      const isFatal = ended instanceof TaskFailure;
      const reason = ended instanceof TaskFailure ? ended.message : "context canceled";
      publish({
        type: "SequenceEvent",
        message: {
          sequence: name,
          action: "NOOP",
          error: {
            code: isFatal ? "FATAL" : "CANCELED",
            message:
              `sequence failed: error running phase ${reached} in ${name} sequence: ${reason}`,
          },
        },
      });
    }
    if (ended === "done" && name === "boot") {
      applyChange(node, { kind: "stage", stage: "running" }, timeline);
    }
  }
  if (ended instanceof TaskFailure) throw ended;
}

function* runPhase(run: SequenceRun, [phase, ...names]: Phase, tasks: Tasks): Script {
  const { node, name, timeline } = run;
  const publish = publisher(run);
  publish({ type: "PhaseEvent", message: { phase, action: "START" } });
  if (phase === "kexec" && name !== "reboot" && name !== "reset") {
    applyChange(node, { kind: "stage", stage: "rebooting" }, timeline);
  }
  try {
    for (const [index, task] of names.entries()) {
      publish({ type: "TaskEvent", message: { task, action: "START" } });
      try {
        yield* tasks(task, run);
      } catch (error) {
        if (!(error instanceof TaskFailure)) throw error;
        throw new TaskFailure(`task ${index + 1}/${names.length}: failed, ${error.message}`);
      } finally {
        publish({ type: "TaskEvent", message: { task, action: "STOP" } });
      }
    }
  } finally {
    publish({ type: "PhaseEvent", message: { phase, action: "STOP" } });
  }
}

/** Publishes events in the name of a sequence's actor. */
export function publisher(
  { node, timeline, actorId }: Pick<SequenceRun, "node" | "timeline" | "actorId">,
): (payload: EventPayload) => void {
  return (payload) => node.events.publish(timeline.at, payload, actorId);
}
