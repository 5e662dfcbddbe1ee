/** The events by which an action counts as done (spec/machine-ops.md, 6.2). */

import type { TrackedEvent } from "./tracked_event.ts";

/** The node is up and all of its conditions are met: the end of a reboot or an upgrade. */
export function isRunningAndReady(event: TrackedEvent): boolean {
  return event.kind === "machine status" && event.data.stage === "RUNNING" &&
    event.data.status?.ready === true;
}

/** The node stops its services, after which its API is gone: the last that is heard of a shutdown or a reset. */
export function isStoppingAllServices(event: TrackedEvent): boolean {
  return event.kind === "task" && event.data.task === stopAllServices;
}

/** The task's name. */
export const stopAllServices = "stopAllServices";
