/** What a machine is for, by the main document's `machine.type`. */

import { type ConfigValue, textAt } from "../value.ts";

/** Whether the main document is a control plane machine's. */
export function isControlPlane(main: ConfigValue | undefined): boolean {
  return ["init", "controlplane"].includes(textAt(main, "machine", "type"));
}

/** Whether it is a worker's; an empty type counts as one. */
export function isWorker(main: ConfigValue | undefined): boolean {
  return ["worker", "join", ""].includes(textAt(main, "machine", "type"));
}
