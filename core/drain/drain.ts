/** Moving the pods of nodes elsewhere before they go down, and letting them back (spec/machine-ops.md, 9.4). */

import type { Context } from "../command.ts";
import { withPrefix } from "../error_prefix.ts";
import { CliError, ReportedError } from "../errors.ts";
import { joinFailures } from "../join_failures.ts";
import { fetchAdminAccess } from "../kubernetes/admin_access.ts";
import {
  createKubernetesClient,
  type KubernetesClient,
  KubernetesError,
} from "../kubernetes/api_client.ts";
import { type EvictionTimes, evictPods } from "./evict.ts";
import { setUnschedulable, untilReady } from "./kubernetes_node.ts";
import { kubernetesNodeName } from "./node_name.ts";
import { combinedUpdates } from "./updates.ts";

/** What draining needs of a command. */
export type DrainContext = Pick<Context, "talos" | "signal" | "out" | "progress" | "note">;

/** How time passes; other values are for tests. */
export interface DrainTimes extends EvictionTimes {
  /** Between two looks at a node that is not ready. */
  readyMs: number;
}

/** Where time ends for each of the nodes. */
export interface DrainOptions {
  timeoutMs: number;
  times?: DrainTimes;
}

const usualTimes: DrainTimes = { retryMs: 5_000, lookMs: 1_000, readyMs: 5_000 };

/**
 * Cordons and drains nodes, all at once. A node that could not be drained stays cordoned.
 *
 * @param nodes As the user spelled them.
 * @throws {CliError} without the prefix `error draining nodes: `, which is the caller's
 */
export async function drainNodes(
  ctx: DrainContext,
  nodes: readonly string[],
  { timeoutMs, times = usualTimes }: DrainOptions,
): Promise<void> {
  const { talos, signal, progress } = ctx;
  using kubernetes = await withPrefix("error creating Kubernetes client for drain", connect(ctx));
  const update = combinedUpdates(progress);
  await onEach(nodes, async (node) => {
    const name = await kubernetesNodeName(talos, node, signal);
    const show = (text: string) => update(name, text);
    // The same words for both steps.
    const tell = (reason: string) => update(name, `error cordoning node: ${reason}`, "error");
    show("cordoning node");
    const cordoning = setUnschedulable(kubernetes, name, { wanted: true, signal });
    await withPrefix(`error cordoning node "${name}"`, telling(cordoning, tell));
    show("node cordoned");
    show("draining node");
    const evicting = evictPods({ kubernetes, nodeName: name, timeoutMs, times, signal, show });
    const failure = `error draining node "${name}": failed to drain node "${name}"`;
    await withPrefix(failure, telling(evicting, tell));
    update(name, "node drained", "succeeded");
  });
}

/**
 * Waits until Kubernetes finds the nodes ready, and lets pods come to them again.
 *
 * @throws {CliError} One line a node; each failure has been shown too.
 */
export async function uncordonNodes(
  ctx: DrainContext,
  nodes: readonly string[],
  { timeoutMs, times = usualTimes }: DrainOptions,
): Promise<void> {
  const { talos, signal, progress } = ctx;
  const tellOfAll = (reason: string) => progress.update(reason, "error");
  const connecting = withPrefix("error creating Kubernetes client for uncordon", connect(ctx));
  using kubernetes = await telling(connecting, tellOfAll);
  const update = combinedUpdates(progress);
  await onEach(nodes, async (node) => {
    const name = await telling(kubernetesNodeName(talos, node, signal), tellOfAll);
    const tell = (what: string) => (reason: string) => update(name, `${what}: ${reason}`, "error");
    update(name, "waiting for node to become Ready");
    const waiting = untilReady(kubernetes, name, { timeoutMs, readyMs: times.readyMs, signal });
    await withPrefix(
      `error waiting for node "${name}" to become Ready`,
      telling(waiting, tell("error waiting for node to become Ready")),
    );
    update(name, "uncordoning node");
    const uncordoning = setUnschedulable(kubernetes, name, { wanted: false, signal });
    await withPrefix(
      `error uncordoning node "${name}"`,
      telling(uncordoning.catch(unlessMissing), tell("error uncordoning node")),
    );
    update(name, "node uncordoned", "succeeded");
  });
}

/** Who is not there any more is not cordoned either. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof KubernetesError) || error.status !== 404) throw error;
}

/** Tells why a promise has failed, and lets it fail. */
async function telling<T>(promise: Promise<T>, tell: (reason: string) => void): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof CliError) tell(error.message);
    throw error;
  }
}

/**
 * Lets pods come back to drained nodes once `restart` has ended, well or not; not where the user has interrupted it.
 *
 * @throws What `restart` throws.
 * @throws {ReportedError} when only letting them back has failed, which has been shown.
 */
export async function thenUncordon(
  ctx: DrainContext,
  nodes: readonly string[],
  options: DrainOptions,
  restart: Promise<void>,
): Promise<void> {
  const [{ reason: failure } = { reason: undefined }] = (await Promise.allSettled([restart]))
    .filter((ended) => ended.status === "rejected");
  if (ctx.signal.aborted) {
    if (ctx.out.stderr.isTerminal) ctx.note(`no pods are let back to ${nodes.join(", ")}`);
  } else {
    try {
      await uncordonNodes(ctx, nodes, options);
    } catch (error) {
      if (failure === undefined && error instanceof CliError) throw new ReportedError(error);
      if (!(error instanceof CliError)) throw error;
    }
  }
  if (failure !== undefined) throw failure;
}

async function connect({ talos }: DrainContext): Promise<KubernetesClient> {
  const access = await fetchAdminAccess(talos);
  return await withPrefix("error building REST config", clientOf(access));
}

/** A certificate or key that is none is found here, and by the runtime. */
function clientOf(
  access: Parameters<typeof createKubernetesClient>[0],
): Promise<KubernetesClient> {
  try {
    return Promise.resolve(createKubernetesClient(access));
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    return Promise.reject(new CliError(text, { cause }));
  }
}

/** Works on all nodes at once; one that fails stops no other. */
async function onEach(
  nodes: readonly string[],
  work: (node: string) => Promise<void>,
): Promise<void> {
  const failures: CliError[] = [];
  const ended = await Promise.allSettled(nodes.map(async (node) => {
    try {
      await work(node);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failures.push(error);
    }
  }));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  if (failures.length > 0) throw joinFailures(failures);
}
