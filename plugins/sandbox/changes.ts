/** The one place where a node's state changes: whatever shows it (events, services, stage) is brought along here. */

import type { ServiceStateEvent } from "../../proto/gen/machine/machine.ts";
import type { MachineStage, SandboxNode } from "./node.ts";
import type { NodeService, ServiceState } from "./node_services.ts";

/** What can happen to a node. */
export type NodeChange =
  | { kind: "service"; id: string; state: ServiceState; message: string; isHealthy?: boolean }
  | { kind: "stage"; stage: MachineStage };

/** Who and when. */
export interface ChangeContext {
  at: Date;
  /** A UUID for changes that a call asked for. */
  actorId?: string;
}

/** Events kept by a service. */
const serviceEventCount = 64;

/** Applies a change and publishes its event. A service that the node does not have is our mistake: it throws. */
export function applyChange(
  node: SandboxNode,
  change: NodeChange,
  { at, actorId = "" }: ChangeContext,
): void {
  if (change.kind === "stage") {
    node.stage = change.stage;
    const stage = stageName(change.stage);
    const message = { stage, status: { ready: stage === "RUNNING", unmetConditions: [] } };
    node.events.publish(at, { type: "MachineStatusEvent", message }, actorId);
    return;
  }

  const service = node.services.get(change.id);
  if (service === undefined) throw new Error(`no service "${change.id}" on ${node.name}`);
  const { state, message, isHealthy } = change;
  service.state = state;
  if (isHealthy !== service.isHealthy) service.lastHealthChange = at;
  service.isHealthy = isHealthy;
  service.events = [...service.events, { message, state, at }].slice(-serviceEventCount);
  node.events.publish(at, {
    type: "ServiceStateEvent",
    message: { service: change.id, action: actionName(state), message, health: healthOf(service) },
  }, actorId);
}

/** Starts a service: through all states of its start, to the end that its kind has. */
export function startService(node: SandboxNode, id: string, context: ChangeContext): void {
  const kind = node.services.get(id)?.kind;
  if (kind === undefined) throw new Error(`no service "${id}" on ${node.name}`);
  const step = (state: ServiceState, message: string, isHealthy?: boolean) =>
    applyChange(node, {
      kind: "service",
      id,
      state,
      message,
      ...(isHealthy === undefined ? {} : { isHealthy }),
    }, context);

  step("Starting", "Starting service");
  if (kind.waitsFor !== undefined) step("Waiting", `Waiting for ${kind.waitsFor}`);
  if (node.machineType === "unknown" && kind.inMaintenance === "Waiting") return;
  step("Preparing", "Running pre state");
  step("Preparing", "Creating service runner");
  step("Running", kind.started);
  if (kind.hasHealthCheck) step("Running", "Health check successful", true);
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

function stageName(stage: MachineStage) {
  return stage.toUpperCase().replace(" ", "_") as Exclude<Uppercase<MachineStage>, "SHUTTING DOWN">;
}
