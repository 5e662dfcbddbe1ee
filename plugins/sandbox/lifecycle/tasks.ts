/** What the tasks of the sequences do to a node: services start and stop, the API comes and goes, disks are wiped. */

import { applyChange, isUp, startSteps, stopService } from "../changes.ts";
import type { SandboxNode } from "../node.ts";
import { serviceKinds } from "../node_services.ts";
import { installerExitCode } from "./installer.ts";
import type { Script } from "./script.ts";
import { publisher, type SequenceRun, TaskFailure } from "./sequence.ts";

/** What is decided elsewhere, in the cluster. */
export interface TaskHooks {
  /** Whether a service may go on to run; etcd waits until its cluster is there. */
  mayRun(node: SandboxNode, service: string): boolean;
  /** Takes the node out of its etcd cluster; a text says why that cannot be. */
  leaveEtcd(node: SandboxNode): string | undefined;
  /** Told which partitions of a node have lost their content. */
  wiped(node: SandboxNode, labels: readonly string[]): void;
}

/** How long a task takes that does nothing else. */
const taskMs = 100;
/** Between the last word of the API and its end. */
const lastWordMs = 100;
/** Until Kubernetes knows of a node whose kubelet runs. */
const nodeReadyMs = 3000;

/** Carries out one task. */
export function* runTask(task: string, run: SequenceRun, hooks: TaskHooks): Script {
  const { node, options, timeline } = run;
  switch (task) {
    case "waitForUdevd":
      return yield* start(run, "udevd", hooks);
    case "startMachined":
    case "startApid":
    case "startAuditd":
    case "startSyslogd":
    case "startContainerd":
    case "startDashboard":
      yield* start(run, task.replace("start", "").toLowerCase(), hooks);
      if (isApiReady(node)) node.api.set(true);
      return;
    case "loadConfig":
      return yield* loadConfig(run, hooks);
    case "startAllServices":
      return yield* startAllServices(run, hooks);
    case "stopAllPods":
    case "removeAllPods":
      yield taskMs;
      applyChange(node, { kind: "progress", progress: { isReadyInKubernetes: false } }, timeline);
      stopService(node, "kubelet", timeline);
      return;
    case "stopServicesForUpgrade":
      yield taskMs;
      for (const id of ["etcd", "trustd", "cri"]) stopService(node, id, timeline);
      return;
    case "stopAllServices":
      yield lastWordMs;
      node.api.set(false);
      for (const id of node.services.keys()) stopService(node, id, timeline);
      return;
    case "leaveEtcd": {
      yield taskMs;
      const reason = hooks.leaveEtcd(node);
      if (reason !== undefined) throw new TaskFailure(reason);
      stopService(node, "etcd", timeline);
      return;
    }
    case "resetSystemDisk":
      yield 10 * taskMs;
      return node.disk.wipe(["STATE", "EPHEMERAL", "META"]);
    case "resetSystemDiskSpec":
      yield 10 * taskMs;
      return node.disk.wipe(options.labels ?? []);
    case "upgrade":
      yield 30 * taskMs;
      return install(node, options.image ?? "");
    case "reboot":
    case "shutdown":
      // With a forced reboot the API is still there.
      if (node.api.isUp) {
        yield lastWordMs;
        node.api.set(false);
      }
      return;
    default:
      yield taskMs;
  }
}

function install({ disk }: SandboxNode, image: string): void {
  const exitCode = installerExitCode(image);
  if (exitCode !== 0) throw new TaskFailure(`installer failed with exit code ${exitCode}`);
  disk.install(image);
}

function isApiReady({ services, api }: SandboxNode): boolean {
  const isRunning = (id: string) => services.get(id)?.state === "Running";
  return !api.isUp && isRunning("apid") && isRunning("machined");
}

/** Starts a service, in the time that it takes. */
function* start({ node, timeline }: SequenceRun, id: string, hooks: TaskHooks): Script {
  const known = node.services.get(id);
  const isThere = serviceKinds(node).some((kind) => kind.id === id);
  // In maintenance mode some services only waited; now they get what they waited for.
  if (!isThere || known !== undefined && known.state !== "Waiting" && isUp(known)) return;
  for (const { change, tookMs } of startSteps(node, id)) {
    if (tookMs > 0) yield tookMs;
    // Somebody else has stopped or started it meanwhile.
    if (change.kind === "service" && change.state === "Running" && !hooks.mayRun(node, id)) return;
    applyChange(node, change, timeline);
  }
}

/** Without a configuration the machine stays in maintenance mode, with what is up by then. */
function* loadConfig(run: SequenceRun, hooks: TaskHooks): Script {
  const { node, timeline } = run;
  applyChange(node, { kind: "progress", progress: { hasNetwork: true } }, timeline);
  if (node.machineType !== "unknown") return yield taskMs;
  const publish = publisher(run);
  for (const { id, inMaintenance } of serviceKinds(node)) {
    if (inMaintenance !== undefined) yield* start(run, id, hooks);
  }
  publish({ type: "TaskEvent", message: { task: "runningMaintenance", action: "START" } });
  applyChange(node, { kind: "stage", stage: "maintenance" }, timeline);
  yield () => node.machineType !== "unknown";
  publish({ type: "TaskEvent", message: { task: "runningMaintenance", action: "STOP" } });
  // The API for everybody is replaced by the one that asks who calls.
  yield lastWordMs;
  node.api.set(false);
  yield lastWordMs;
  node.api.set(true);
  applyChange(node, { kind: "stage", stage: "booting" }, timeline);
}

function* startAllServices(run: SequenceRun, hooks: TaskHooks): Script {
  const { node, timeline } = run;
  applyChange(node, { kind: "progress", progress: { hasTime: true } }, timeline);
  const ids = serviceKinds(node).map(({ id }) => id);
  // The others wait for the container runtime.
  for (const id of ["cri", ...ids]) yield* start(run, id, hooks);
  yield () => [...node.services.values()].every(isSettled);
}

function isSettled({ kind, state, isHealthy }: NodeServiceState): boolean {
  if (state === "Running") return !kind.hasHealthCheck || isHealthy === true;
  return state === "Finished" || state === "Failed" || state === "Skipped";
}

type NodeServiceState = SandboxNode["services"] extends Map<string, infer S> ? S : never;

/** After the boot: Kubernetes takes its time to see a node. */
export function* becomeReady({ node, timeline }: Pick<SequenceRun, "node" | "timeline">): Script {
  yield () => node.services.get("kubelet")?.state === "Running";
  yield nodeReadyMs;
  applyChange(node, { kind: "progress", progress: { isReadyInKubernetes: true } }, timeline);
}
