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
import { sleep } from "../sleep.ts";
import { type EvictionTimes, evictPods } from "./evict.ts";
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
    const nodeName = await kubernetesNodeName(talos, node, signal);
    const show = (text: string) => update(nodeName, text);
    const failing = (prefix: string) => (cause: unknown) => {
      if (!(cause instanceof CliError)) throw cause;
      update(nodeName, `error cordoning node: ${cause.message}`, "error");
      throw new CliError(`${prefix}: ${cause.message}`, { cause });
    };
    show("cordoning node");
    await setUnschedulable(kubernetes, nodeName, { wanted: true, signal })
      .catch(failing(`error cordoning node "${nodeName}"`));
    show("node cordoned");
    show("draining node");
    await evictPods({ kubernetes, nodeName, timeoutMs, times, signal, show })
      .catch(failing(`error draining node "${nodeName}": failed to drain node "${nodeName}"`));
    update(nodeName, "node drained", "succeeded");
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
  const told = (error: unknown) => {
    if (error instanceof CliError) progress.update(error.message, "error");
    throw error;
  };
  using kubernetes = await withPrefix("error creating Kubernetes client for uncordon", connect(ctx))
    .catch(told);
  const update = combinedUpdates(progress);
  await onEach(nodes, async (node) => {
    const nodeName = await kubernetesNodeName(talos, node, signal).catch(told);
    const failing = (what: string, ofWhat = "") => (cause: unknown) => {
      if (!(cause instanceof CliError)) throw cause;
      update(nodeName, `${what} node${ofWhat}: ${cause.message}`, "error");
      throw new CliError(`${what} node "${nodeName}"${ofWhat}: ${cause.message}`, { cause });
    };
    update(nodeName, "waiting for node to become Ready");
    await untilReady(kubernetes, nodeName, { timeoutMs, readyMs: times.readyMs, signal })
      .catch(failing("error waiting for", " to become Ready"));
    update(nodeName, "uncordoning node");
    await setUnschedulable(kubernetes, nodeName, { wanted: false, signal })
      .catch((error) => {
        // Who is not there any more is not cordoned either.
        if (!(error instanceof KubernetesError) || error.status !== 404) throw error;
      })
      .catch(failing("error uncordoning"));
    update(nodeName, "node uncordoned", "succeeded");
  });
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

/** What is looked at of a node. */
interface KubernetesNode {
  spec?: { unschedulable?: boolean };
  status?: { conditions?: readonly { type: string; status: string }[] };
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${name}`;
}

async function setUnschedulable(
  kubernetes: KubernetesClient,
  name: string,
  { wanted, signal }: { wanted: boolean; signal: AbortSignal },
): Promise<void> {
  const { spec } = await kubernetes.request(nodePath(name), { signal }) as KubernetesNode;
  if ((spec?.unschedulable ?? false) === wanted) return;
  const body = { spec: { unschedulable: wanted } };
  await kubernetes.request(nodePath(name), { method: "PATCH", body, signal });
}

async function untilReady(
  kubernetes: KubernetesClient,
  name: string,
  { timeoutMs, readyMs, signal }: { timeoutMs: number; readyMs: number; signal: AbortSignal },
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      const { status } = await kubernetes.request(nodePath(name), { signal }) as KubernetesNode;
      const isReady = ({ type, status }: { type: string; status: string }) =>
        type === "Ready" && status === "True";
      if (status?.conditions?.some(isReady)) return;
    } catch (error) {
      // The API may restart with its node: whatever it answers meanwhile, it is asked again.
      if (!(error instanceof KubernetesError)) throw error;
    }
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) throw new CliError("context deadline exceeded");
    await sleep(Math.min(readyMs, leftMs), signal).catch((cause) => {
      throw new CliError("context canceled", { cause });
    });
  }
}
