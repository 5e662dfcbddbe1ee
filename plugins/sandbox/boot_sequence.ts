/** The boot of a node: its sequences, phases and tasks in the order in which Talos goes through them, with the services they start. */

import { type ChangeContext, startService } from "./changes.ts";
import type { EventPayload } from "./event_log.ts";
import type { Platform, SandboxNode } from "./node.ts";

type Phase = readonly [name: string, ...tasks: string[]];

/** By platform, the phases of the two sequences of a boot. */
const bootPhases: Readonly<Record<Platform, Record<"initialize" | "boot", readonly Phase[]>>> = {
  metal: {
    initialize: [
      ["systemRequirements", "enforceKSPPRequirements"],
      [
        "earlyServices",
        "startMachined",
        "waitForUdevd",
        "startApid",
        "startAuditd",
        "startSyslogd",
        "startContainerd",
      ],
      ["usb", "waitForUSB"],
      ["meta", "reloadMeta"],
      ["dashboard", "startDashboard"],
      ["config", "loadConfig"],
    ],
    boot: [
      ["memorySizeCheck", "memorySizeCheck"],
      ["diskSizeCheck", "diskSizeCheck"],
      ["env", "setUserEnvVars", "waitForCARoots"],
      ["dbus", "startDBus"],
      ["ephemeral", "mountEphemeralPartition"],
      ["promotableVolumes", "mountPromotableSystemPartitions"],
      ["userDisks", "mountUserDisks"],
      ["userSetup", "writeUserFiles"],
      ["startEverything", "startAllServices"],
    ],
  },
  container: {
    initialize: [
      ["machined", "startApid", "startMachined", "startContainerd"],
      ["config", "loadConfig"],
    ],
    boot: [
      ["memorySizeCheck", "memorySizeCheck"],
      ["diskSizeCheck", "diskSizeCheck"],
      ["env", "setUserEnvVars", "waitForCARoots"],
      ["dbus", "startDBus"],
      ["sharedFilesystems", "setupSharedFilesystems"],
      ["ephemeral", "mountEphemeralPartition"],
      ["userSetup", "writeUserFiles"],
      ["startEverything", "startAllServices"],
    ],
  },
};

/** Takes a node through its boot: all its services start, and its events tell of it. */
export function runBoot(node: SandboxNode, context: ChangeContext): void {
  const publish = (payload: EventPayload) => node.events.publish(context.at, payload);
  const started = new Set<string>();
  const start = (id: string) => {
    if (started.has(id) || !node.services.has(id)) return;
    started.add(id);
    startService(node, id, context);
  };

  const { initialize, boot } = bootPhases[node.platform];
  runSequence("initialize", initialize);
  publish({
    type: "AddressEvent",
    message: { hostname: node.hostname, addresses: [...node.addresses] },
  });
  // Without a configuration the node waits here, with what is up by then.
  if (node.stage === "maintenance") {
    for (const id of node.services.keys()) start(id);
    publishStage("MAINTENANCE");
    return;
  }
  runSequence("install", []);
  publishStage("BOOTING");
  runSequence("boot", boot);
  publishStage("RUNNING");

  function runSequence(sequence: string, phases: readonly Phase[]): void {
    publish({ type: "SequenceEvent", message: { sequence, action: "START" } });
    for (const [phase, ...tasks] of phases) {
      publish({ type: "PhaseEvent", message: { phase, action: "START" } });
      for (const task of tasks) runTask(task);
      publish({ type: "PhaseEvent", message: { phase, action: "STOP" } });
    }
    publish({ type: "SequenceEvent", message: { sequence, action: "STOP" } });
  }

  function runTask(task: string): void {
    publish({ type: "TaskEvent", message: { task, action: "START" } });
    if (task === "startAllServices") { for (const id of node.services.keys()) start(id); }
    else if (task === "waitForUdevd") start("udevd");
    else start(task.replace(/^start/, "").toLowerCase());
    publish({ type: "TaskEvent", message: { task, action: "STOP" } });
  }

  function publishStage(stage: "BOOTING" | "RUNNING" | "MAINTENANCE"): void {
    const ready = stage !== "BOOTING";
    const unmetConditions = ready
      ? []
      : [{ name: "services", reason: "" }, { name: "nodeReady", reason: "" }];
    publish({ type: "MachineStatusEvent", message: { stage, status: { ready, unmetConditions } } });
  }
}
