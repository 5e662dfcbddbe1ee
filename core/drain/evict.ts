/** Taking pods off a node: evicted where the cluster knows evictions, else deleted, each until it is gone. */

import { CliError } from "../errors.ts";
import { type KubernetesClient, KubernetesError } from "../kubernetes/api_client.ts";
import { formatDuration } from "../output/durations.ts";
import { sleep } from "../sleep.ts";
import { type Pod, podPath, podsToEvict } from "./pods.ts";

/** How time passes while pods go. */
export interface EvictionTimes {
  /** Until an eviction that a disruption budget has refused is asked for again. */
  retryMs: number;
  /** Between two looks at a pod that is going. */
  lookMs: number;
}

/** What evicting takes. */
export interface EvictOptions {
  kubernetes: KubernetesClient;
  nodeName: string;
  timeoutMs: number;
  times: EvictionTimes;
  signal: AbortSignal;
  show(text: string): void;
}

/**
 * Takes all pods off a node at once, and waits until they are gone.
 *
 * @throws {CliError} kubectl's text for the pods that are still there; `[…, …]` for several
 */
export async function evictPods(options: EvictOptions): Promise<void> {
  const { kubernetes, nodeName, signal } = options;
  const pods = await podsToEvict(kubernetes, nodeName, signal);
  const version = pods.length > 0 ? await evictionVersion(kubernetes, signal) : undefined;
  const eviction: Eviction = {
    ...options,
    version,
    // None stands for no end, as with kubectl.
    timeout: AbortSignal.timeout(Math.min(options.timeoutMs || longestMs, longestMs)),
  };
  const failures: CliError[] = [];
  const ended = await Promise.allSettled(pods.map(async (pod) => {
    const failure = await evictPod(pod, eviction);
    if (failure !== undefined) failures.push(failure);
  }));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  const [first, ...others] = failures;
  if (first === undefined) return;
  const texts = failures.map(({ message }) => message);
  throw others.length === 0 ? first : new CliError(`[${texts.join(", ")}]`, { cause: first });
}

/** The longest that a timer of the runtime can wait. */
const longestMs = 2 ** 31 - 1;

interface Eviction extends EvictOptions {
  /** Such as `policy/v1`; undefined where pods can only be deleted. */
  version: string | undefined;
  timeout: AbortSignal;
}

/** The API version of evictions, if the cluster has them. */
async function evictionVersion(
  kubernetes: KubernetesClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const groups = await kubernetes.request("/apis", { signal }) as {
    groups?: readonly { name: string }[];
  };
  if (!groups.groups?.some(({ name }) => name === "policy")) return undefined;
  const core = await kubernetes.request("/api/v1", { signal }) as {
    resources?: readonly { name: string; kind: string; version?: string }[];
  };
  const found = core.resources?.find(({ name, kind }) =>
    name === "pods/eviction" && kind === "Eviction"
  );
  return found && `policy/${found.version ?? "v1"}`;
}

/** What has kept the pod where it is, once it was told. */
async function evictPod(pod: Pod, eviction: Eviction): Promise<CliError | undefined> {
  const { version, show } = eviction;
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  const [doing, done, verb] = version === undefined
    ? ["deleting", "deleted", "delete"]
    : ["evicting", "evicted", "evict"];
  try {
    show(`${doing} pod ${name}`);
    await askToGo(pod, eviction);
    await untilGone(pod, eviction);
    show(`${done} pod ${name}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    show(`failed to ${verb} pod ${name}: ${error.message}`);
    return error;
  }
}

/** Budgets that refuse an eviction are asked again, until time is over. */
async function askToGo(pod: Pod, eviction: Eviction): Promise<void> {
  const { kubernetes, version, times, signal } = eviction;
  const { namespace, name } = pod.metadata;
  const { promise: request, failure } = version === undefined
    ? {
      promise: () => kubernetes.request(podPath(pod), { method: "DELETE", signal }),
      failure: `error when deleting pods/"${name}" -n "${namespace}"`,
    }
    : {
      promise: () =>
        kubernetes.request(`${podPath(pod)}/eviction`, {
          method: "POST",
          body: { apiVersion: version, kind: "Eviction", metadata: { name, namespace } },
          signal,
        }),
      failure: `error when evicting pods/"${name}" -n "${namespace}"`,
    };
  for (;;) {
    try {
      await request();
      return;
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      if (error.status === 404) return; // gone already
      if (error.status !== 429) {
        throw new CliError(`${failure}: ${error.message}`, { cause: error });
      }
    }
    await pause(times.retryMs, eviction, failure);
  }
}

async function untilGone(pod: Pod, eviction: Eviction): Promise<void> {
  const { kubernetes, times, signal } = eviction;
  const { namespace, name, uid } = pod.metadata;
  const failure = `error when waiting for pod "${name}" in namespace "${namespace}" to terminate`;
  for (;;) {
    try {
      const found = await kubernetes.request(podPath(pod), { signal }) as Partial<Pod>;
      if (found.metadata?.uid !== uid) return; // another one of the same name
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      if (error.status === 404) return;
      throw new CliError(`${failure}: ${error.message}`, { cause: error });
    }
    await pause(times.lookMs, eviction, failure);
  }
}

async function pause(
  delayMs: number,
  { timeout, timeoutMs, signal }: Eviction,
  failure: string,
): Promise<void> {
  try {
    await sleep(delayMs, AbortSignal.any([signal, timeout]));
  } catch (cause) {
    if (signal.aborted) throw new CliError("context canceled", { cause });
    const reason = `global timeout reached: ${formatDuration(timeoutMs)}`;
    throw new CliError(`${failure}: ${reason}`, { cause });
  }
}
