/** The logs of a node's services, one ring each (spec/machine-read.md, 28.4), and of its pods' containers. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import { createGrowingLog, type GrowingLog } from "./growing_log.ts";
import { criLine, klogLine, logScript } from "./log_lines.ts";
import type { PodContainer } from "./pods.ts";

/** The logs of a node since its boot. */
export interface LogStore {
  /** Of the logs that somebody has written to. */
  ids(): readonly string[];
  /** Of a service or a part of machined; undefined where nothing was ever written. Lines are without their end. */
  find(id: string): GrowingLog<string> | undefined;
  /** Adds a line, and the log where there was none. */
  append(id: string, line: string): void;
  /** Has a log of the caller's under this id: for one that is longer than Talos keeps. */
  put(id: string, log: GrowingLog<string>): void;
  ofContainer(container: PodContainer): GrowingLog<string>;
}

const capacityBytes = 1024 * 1024;
/** Parts of machined that have logs of their own. */
const partIds = ["controller-runtime", "dns-resolve-cache", "early-startup"];

/** The logs of a node, empty of what other boots have written. */
export function createLogStore(node: SandboxNode, clock: SandboxClock): LogStore {
  const logs = new Map<string, GrowingLog<string>>();
  const ofContainers = new Map<string, GrowingLog<string>>();
  const sizeBytes = (line: string) => line.length + 1;

  function find(id: string): GrowingLog<string> | undefined {
    const known = logs.get(id);
    if (known !== undefined) return known;
    const script = hasStarted(id) ? logScript(id, node) : undefined;
    if (script === undefined) return undefined;
    const { start, periodMs, line } = script;
    const heartbeat = { startAt: node.bootedAt, periodMs, entry: line };
    const log = createGrowingLog({ clock, history: start, heartbeat, capacityBytes, sizeBytes });
    logs.set(id, log);
    return log;
  }

  /** A service that never came so far has written nothing. */
  function hasStarted(id: string): boolean {
    return partIds.includes(id) ||
      (node.services.get(id)?.events.some(({ state }) => state === "Running") ?? false);
  }

  return {
    ids: () => {
      const candidates = new Set([...partIds, ...node.services.keys(), ...logs.keys()]);
      return [...candidates].filter((id) => find(id) !== undefined);
    },
    find,
    append: (id, line) => {
      const log = find(id) ??
        createGrowingLog<string>({ clock, history: [], capacityBytes, sizeBytes });
      logs.set(id, log);
      log.append(line);
    },
    put: (id, log) => void logs.set(id, log),
    ofContainer: (container) => {
      const known = ofContainers.get(container.id);
      if (known !== undefined) return known;
      const { name, startedAt } = container;
      const log = createGrowingLog({
        clock,
        history: [
          criLine(startedAt, klogLine(startedAt, "main.go:1", `"Starting" name="${name}"`)),
        ],
        heartbeat: {
          startAt: startedAt,
          periodMs: 10_000,
          entry: (at, index) =>
            criLine(at, klogLine(at, "reconcile.go:212", `"Synced" name="${name}" count=${index}`)),
        },
        capacityBytes,
        sizeBytes,
      });
      ofContainers.set(container.id, log);
      return log;
    },
  };
}
