/** The one place where a node's state changes: whatever shows it (events, services, stage) is brought along here. */

import type { MachineStatusEvent, ServiceStateEvent } from "../../proto/gen/machine/machine.ts";
import type { EventPayload } from "./event_log.ts";
import { machineStatus } from "./machine_status.ts";
import type { MachineStage, SandboxNode } from "./node.ts";
import { type NodeService, serviceKinds, type ServiceState } from "./node_services.ts";

/** What can happen to a node. */
export type NodeChange =
  | { kind: "service"; id: string; state: ServiceState; message: string; isHealthy?: boolean }
  | { kind: "stage"; stage: MachineStage }
  /** What is known about it beyond its services; see {@linkcode SandboxNode.progress}. */
  | { kind: "progress"; progress: Partial<SandboxNode["progress"]> };

/** When it happens. */
export interface ChangeContext {
  at: Date;
}

/** Events kept by a service. */
const serviceEventCount = 64;

/** Applies a change and publishes its events. A service that the node does not have is our mistake: it throws. */
export function applyChange(node: SandboxNode, change: NodeChange, { at }: ChangeContext): void {
  switch (change.kind) {
    case "stage":
      node.stage = change.stage;
      break;
    case "progress":
      Object.assign(node.progress, change.progress);
      break;
    case "service":
      changeService(node, change, at);
  }
  publishStatus(node, at);
  node.lifecycle.wake();
}

function changeService(
  node: SandboxNode,
  { id, state, message, isHealthy }: NodeChange & { kind: "service" },
  at: Date,
): void {
  const service = node.services.get(id);
  if (service === undefined) throw new Error(`no service "${id}" on ${node.name}`);
  service.state = state;
  if (isHealthy !== service.isHealthy) service.lastHealthChange = at;
  service.isHealthy = isHealthy;
  service.events = [...service.events, { message, state, at }].slice(-serviceEventCount);
  node.events.publish(at, {
    type: "ServiceStateEvent",
    message: { service: id, action: actionName(state), message, health: healthOf(service) },
  });
}

/** Publishes the machine's status where it is another one than the last that was published. */
function publishStatus(node: SandboxNode, at: Date): void {
  const { stage, ready, unmetConditions } = machineStatus(node);
  const payload: EventPayload = {
    type: "MachineStatusEvent",
    message: {
      stage: stageName(stage),
      status: { ready, unmetConditions: unmetConditions.map((condition) => ({ ...condition })) },
    },
  };
  const text = JSON.stringify(payload);
  if (text === node.progress.publishedStatus) return;
  node.progress.publishedStatus = text;
  node.events.publish(at, payload);
}

/** Starts a service at once: through all states of its start, to the end that its kind has. */
export function startService(node: SandboxNode, id: string, context: ChangeContext): void {
  for (const step of startSteps(node, id)) applyChange(node, step.change, context);
}

/** The states of a service's start, with the time that each of them takes. */
export function* startSteps(
  node: SandboxNode,
  id: string,
): Generator<{ change: NodeChange; tookMs: number }> {
  const { kind } = registerService(node, id);
  const step = (state: ServiceState, message: string, tookMs: number, isHealthy?: boolean) => ({
    change: {
      kind: "service",
      id,
      state,
      message,
      ...isHealthy === undefined ? {} : { isHealthy },
    },
    tookMs,
  } as const);

  yield step("Starting", "Starting service", 0);
  if (kind.waitsFor !== undefined) yield step("Waiting", `Waiting for ${kind.waitsFor}`, 200);
  if (node.machineType === "unknown" && kind.inMaintenance === "Waiting") return;
  yield step("Preparing", "Running pre state", 100);
  yield step("Preparing", "Creating service runner", 100);
  yield step("Running", kind.started, 200);
  if (kind.hasHealthCheck) yield step("Running", "Health check successful", 300, true);
}

/** Stops a service at once; one that is down already stays as it is. */
export function stopService(node: SandboxNode, id: string, context: ChangeContext): void {
  const service = node.services.get(id);
  if (service === undefined || !isUp(service)) return;
  const stop = (state: ServiceState, message: string) =>
    applyChange(node, { kind: "service", id, state, message }, context);
  if (service.state === "Running") stop("Stopping", `Sending SIGTERM to ${runnerOf(service)}`);
  stop("Finished", "Service finished successfully");
}

/** Whether a service is on its way or running. */
export function isUp({ state }: NodeService): boolean {
  return state !== "Finished" && state !== "Failed" && state !== "Skipped" &&
    state !== "Initialized";
}

/** The service as the node lists it, from its first start on. */
function registerService(node: SandboxNode, id: string): NodeService {
  const known = node.services.get(id);
  if (known !== undefined) return known;
  const kind = serviceKinds(node).find((kind) => kind.id === id);
  if (kind === undefined) throw new Error(`no service "${id}" on ${node.name}`);
  const service: NodeService = {
    kind,
    state: "Initialized",
    isHealthy: undefined,
    lastHealthMessage: "",
    lastHealthChange: node.bootedAt,
    events: [],
  };
  const all = [...node.services.values(), service].sort((one, other) =>
    one.kind.id < other.kind.id ? -1 : 1
  );
  node.services.clear();
  for (const each of all) node.services.set(each.kind.id, each);
  return service;
}

/** What stands behind `Sending SIGTERM to`. */
function runnerOf({ kind: { id, started } }: NodeService): string {
  const [, task, pid] = /^Started task (\S+) \(PID (\d+)\)/.exec(started) ?? [];
  if (task !== undefined) return `task ${task} (PID ${pid}, container ${task})`;
  const [, process] = /^(Process .*) started with PID/.exec(started) ?? [];
  return process ?? id;
}

/** Health in the form of the API. */
export function healthOf(service: NodeService) {
  return {
    unknown: service.isHealthy === undefined,
    healthy: service.isHealthy ?? false,
    lastMessage: service.lastHealthMessage,
    lastChange: timestamp(service.lastHealthChange),
  };
}

/** A time in the form of protobuf. */
export function timestamp(time: Date): { seconds: string; nanos: number } {
  const milliseconds = time.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: String(seconds), nanos: (milliseconds - seconds * 1000) * 1e6 };
}

function actionName(state: ServiceState): ServiceStateEvent["action"] {
  return state.toUpperCase() as Uppercase<ServiceState>;
}

function stageName(stage: MachineStage): MachineStatusEvent["stage"] {
  return stage.toUpperCase().replace(" ", "_") as Exclude<Uppercase<MachineStage>, "SHUTTING DOWN">;
}
