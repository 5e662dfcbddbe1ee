/** The tracker without a command around it, so that its pauses can be short: what it prints, and how it ends. */

import { reporter } from "../cli/reporter.ts";
import {
  isRunningAndReady,
  isStoppingAllServices,
} from "../core/action_tracker/expected_events.ts";
import { hasRebooted } from "../core/action_tracker/post_checks.ts";
import { trackAction } from "../core/action_tracker/track_action.ts";
import type { TrackedAction } from "../core/action_tracker/track_node.ts";
import { CliError, ReportedError } from "../core/errors.ts";
import { withContext } from "./talos_client.ts";
import { emptyTalosconfigContext } from "../core/talosconfig/talosconfig.ts";
import type { GrpcEndpoint } from "./grpc_endpoint.ts";
import { testClient, type TestClientOptions } from "./talos_client.ts";

/** How a run differs from the plainest: no terminal, no `--debug`, half a minute. */
export interface TrackOptions {
  isTerminal?: boolean;
  debug?: boolean;
  timeoutMs?: number;
  pauseMs?: number;
  /** On a terminal; default so long that only what comes last is painted. */
  repaintMs?: number;
  interrupt?: AbortSignal;
  /** Tells the tracker that `--timeout` is over. */
  timeout?: AbortController;
  /** In the place of the endpoint's own address. */
  endpoints?: readonly string[];
  client?: TestClientOptions;
  onStderr?: (text: string) => void;
}

/** `0`, `1`, or the text of an error that is still to be printed. */
export interface Tracked {
  outcome: 0 | 1 | string;
  stderr: string;
}

/** `reboot` of these nodes. */
export function rebootOf(...nodes: string[]): TrackedAction {
  return {
    name: "reboot",
    nodes,
    start: (machine, options) => machine.reboot({}, options),
    isExpected: isRunningAndReady,
    postCheck: hasRebooted,
  };
}

/** `shutdown` of these nodes. */
export function shutdownOf(...nodes: string[]): TrackedAction {
  return {
    name: "shutdown",
    nodes,
    start: (machine, options) => machine.shutdown({}, options),
    isExpected: isStoppingAllServices,
  };
}

/** Tracks an action against an endpoint. */
export async function track(
  endpoint: Pick<GrpcEndpoint, "context">,
  action: TrackedAction,
  options: TrackOptions = {},
): Promise<Tracked> {
  const { isTerminal = false, timeoutMs = 30_000, endpoints = [] } = options;
  const signal = options.interrupt ?? new AbortController().signal;
  await using talos = testClient({
    config: withContext("test", { ...emptyTalosconfigContext(), ...endpoint.context }),
    endpoints,
    tracking: true,
    signal,
    ...options.client,
  });
  let stderr = "";
  const print = (text: string) => {
    stderr += text;
    options.onStderr?.(text);
  };
  const info = { isTerminal, width: 80, color: isTerminal };
  const now = (bytes: Uint8Array) => print(new TextDecoder().decode(bytes));
  const ctx = {
    flags: { wait: true, debug: options.debug ?? false, timeout: timeoutMs },
    talos,
    signal,
    out: { stdout: info, stderr: info },
    progress: reporter({ now }, info),
    note: (line: string) => print(`${line}\n`),
    version: "v1.14.0-beta.1",
  };
  const times = {
    pauseMs: options.pauseMs ?? 5,
    repaintMs: options.repaintMs ?? 3_600_000,
    ...(options.timeout ? { timeout: options.timeout.signal } : {}),
  };
  try {
    await trackAction(ctx, action, times);
    return { outcome: 0, stderr };
  } catch (error) {
    if (error instanceof ReportedError) return { outcome: 1, stderr };
    if (error instanceof CliError) return { outcome: error.message, stderr };
    throw error;
  }
}
