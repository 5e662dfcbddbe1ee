/** What runs on a node since its boot and is lost with it: its pods, its logs, its kernel's log. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import type { GrowingLog } from "./growing_log.ts";
import { createKernelLog, type KernelRecord } from "./kernel_log.ts";
import { createLogStore, type LogStore } from "./log_store.ts";
import { bootPods, type Pod } from "./pods.ts";

/** What a boot has made. */
export interface NodeSystem {
  readonly pods: readonly Pod[];
  readonly logs: LogStore;
  readonly kernelLog: GrowingLog<KernelRecord>;
}

/** The system of a node that has just booted; its parts are made when they are first asked for. */
export function createNodeSystem(node: SandboxNode, clock: SandboxClock): NodeSystem {
  let pods: readonly Pod[] | undefined;
  let logs: LogStore | undefined;
  let kernelLog: GrowingLog<KernelRecord> | undefined;
  return {
    get pods() {
      return pods ??= bootPods(node);
    },
    get logs() {
      return logs ??= createLogStore(node, clock);
    },
    get kernelLog() {
      return kernelLog ??= createKernelLog(node, clock);
    },
  };
}
