/** etcd as a service of a node: what its events tell when it is bootstrapped, joins or leaves. */

import {
  applyChange,
  type ChangeContext,
  startService,
  startSteps,
  stopService,
} from "../changes.ts";
import type { SandboxNode } from "../node.ts";

/** Starts etcd anew on the node that begins a cluster (spec/machine-ops.md, 16.6). */
export function restartForBootstrap(node: SandboxNode, context: ChangeContext): void {
  stopService(node, "etcd", context);
  finish(node, "Bootstrap requested", context);
  startService(node, "etcd", context);
}

/** What was wrong with the snapshot that etcd was to begin from. */
export function failRecovery(node: SandboxNode, reason: string, context: ChangeContext): void {
  stopService(node, "etcd", context);
  finish(node, "Bootstrap requested", context);
  for (const { change } of startSteps(node, "etcd")) {
    if (change.kind === "service" && change.message === "Creating service runner") break;
    applyChange(node, change, context);
  }
  const message = `Failed to run pre stage: ${reason}`;
  applyChange(node, { kind: "service", id: "etcd", state: "Failed", message }, context);
}

/** Lets an etcd that waited for a cluster go on. */
export function goOn(node: SandboxNode, context: ChangeContext): void {
  if (node.services.get("etcd")?.state !== "Preparing") return;
  for (const { change } of startSteps(node, "etcd")) {
    if (change.kind === "service" && change.state === "Running") applyChange(node, change, context);
  }
}

function finish(node: SandboxNode, message: string, context: ChangeContext): void {
  applyChange(node, { kind: "service", id: "etcd", state: "Finished", message }, context);
}
