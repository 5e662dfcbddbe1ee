/** The tracker behind `--wait`: nodes are followed through an action, each on its own (spec/machine-ops.md, 6). */

import { CliError, ReportedError, RpcError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import { checkServerVersions } from "../version_check.ts";
import { keepKernelLog, type KernelLog } from "./kernel_log.ts";
import { timeLimit } from "./time_limit.ts";
import { type TrackedAction, trackNode } from "./track_node.ts";
import type { TrackingContext } from "./tracker_flags.ts";
import { openView, type UpdatesView } from "./updates_view.ts";

/** How time passes; other values are for tests. */
export interface TrackerTimes {
  /** Between two attempts at a node. */
  pauseMs: number;
  /** Between two pictures on a terminal. */
  repaintMs: number;
  /** Aborts when `--timeout` is over. Default: a timer. */
  timeout?: AbortSignal;
}

const usualTimes: TrackerTimes = { pauseMs: 1_000, repaintMs: 100 };

/** The longest that a timer of the runtime can wait. */
const longestMs = 2 ** 31 - 1;

/**
 * Asks nodes for an action and follows them until it is done; resolves too when the user has interrupted it. The
 * command has to have `tracking`.
 *
 * @throws {CliError} where the versions of the nodes cannot be checked: nothing was begun
 * @throws {ReportedError} when a node has failed, or took longer than `--timeout`; the user has been told
 */
export async function trackAction(
  ctx: TrackingContext,
  action: TrackedAction,
  times: TrackerTimes = usualTimes,
): Promise<void> {
  const timeoutMs = Math.min(ctx.flags.timeout, longestMs);
  const endMs = performance.now() + timeoutMs;
  await checkServerVersions(ctx, action.nodes, { timeoutMs });

  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(timeLimit), Math.max(0, endMs - performance.now()));
  const view = openView(ctx, times.repaintMs);
  const run: Run = {
    ctx,
    view,
    pauseMs: times.pauseMs,
    signal: AbortSignal.any([ctx.signal, times.timeout ?? timeout.signal]),
    underWay: new Set(),
    failures: [],
    kernelLogs: new Map(),
  };
  try {
    await Promise.allSettled(action.nodes.map((node) => runNode(action, node, run)));
  } finally {
    clearTimeout(timer);
    view.end();
  }
  report(action, run);
}

interface Run {
  ctx: TrackingContext;
  view: UpdatesView;
  pauseMs: number;
  /** Aborts on Ctrl-C and on the timeout. */
  signal: AbortSignal;
  /** Nodes that have agreed and are not done yet. */
  underWay: Set<string>;
  /** In order of arrival. */
  failures: { node: string; error: unknown; isInterrupted: boolean }[];
  kernelLogs: Map<string, KernelLog>;
}

async function runNode(action: TrackedAction, node: string, run: Run): Promise<void> {
  const { ctx, view, pauseMs, underWay } = run;
  const ended = new AbortController();
  const signal = AbortSignal.any([run.signal, ended.signal]);
  try {
    const machine = await ctx.talos.node(node).service("machine.MachineService");
    if (ctx.flags.debug) {
      run.kernelLogs.set(node, keepKernelLog(node, machine, { pauseMs, signal }));
    }
    await trackNode(action, {
      node,
      machine,
      talos: ctx.talos,
      pauseMs,
      signal,
      show: (text, state = "running") => view.update(node, text, state),
      onStarted: () => underWay.add(node),
    });
    underWay.delete(node);
  } catch (error) {
    const isInterrupted = ctx.signal.aborted;
    run.failures.push({ node, error, isInterrupted });
    if (!isInterrupted) {
      underWay.delete(node);
      view.update(node, textOf(error, run.signal), "error");
    }
  } finally {
    ended.abort();
    await run.kernelLogs.get(node)?.ended;
  }
}

/** A call that the timeout has cut off says so, and not that somebody has canceled it. */
function textOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted && error instanceof RpcError && error.code === "Canceled") {
    return timeLimit.message;
  }
  return error instanceof Error ? error.message : String(error);
}

function report(action: TrackedAction, { ctx, failures, underWay, kernelLogs }: Run): void {
  const failed = failures.filter(({ isInterrupted }) => !isInterrupted);
  if (ctx.flags.debug && failed.length > 0) {
    const nodes = [...new Set(failed.map(({ node }) => node))].sort();
    ctx.note(`console logs for nodes [${nodes.map(goQuote).join(" ")}]:`);
    const logs = nodes.map((node) => kernelLogs.get(node)?.text() ?? "").join("");
    if (logs !== "") ctx.note(logs.replace(/\n$/, ""));
  }
  if (underWay.size > 0 && ctx.out.stderr.isTerminal) {
    const nodes = [...underWay].sort().join(", ");
    ctx.note(`the ${action.name} goes on at ${nodes}: only the tracking of it has ended`);
  }
  const [first] = failures;
  if (first === undefined || first.isInterrupted) return;
  // What is no failure of a node is a bug, and has not been told.
  throw first.error instanceof CliError ? new ReportedError(first.error) : first.error;
}
