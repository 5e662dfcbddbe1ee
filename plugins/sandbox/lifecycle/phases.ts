/** The phases of each sequence and their tasks, in order (spec/machine-ops.md, 16.4). */

import type { Platform } from "../node.ts";

/** A phase with its tasks. */
export type Phase = readonly [name: string, ...tasks: string[]];

/** The sequences of a node. */
export type SequenceName =
  | "initialize"
  | "install"
  | "boot"
  | "reboot"
  | "shutdown"
  | "reset"
  | "upgrade"
  | "stageUpgrade"
  | "maintenanceUpgrade";

/** What decides which phases a sequence has. */
export interface SequenceOptions {
  /** Of reboots and upgrades. */
  rebootMode?: "DEFAULT" | "POWERCYCLE" | "FORCE";
  /** Of a shutdown: pods are not moved away first. */
  force?: boolean;
  /** Of a reset: pods are moved away, and etcd is left. */
  graceful?: boolean;
  /** Of a reset: it boots again. */
  reboot?: boolean;
  /** Of a reset: partitions by label; empty is the whole disk. */
  labels?: readonly string[];
  /** Of a reset: which disks. */
  wipeMode?: "ALL" | "SYSTEM_DISK" | "USER_DISKS";
  /** Of a reset: paths of devices. */
  userDisks?: readonly string[];
  /** Of upgrades: the installer. */
  image?: string;
  isWorker?: boolean;
}

const initialize: Readonly<Record<Platform, readonly Phase[]>> = {
  metal: [
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
  container: [
    ["machined", "startApid", "startMachined", "startContainerd"],
    ["config", "loadConfig"],
  ],
};

const boot: Readonly<Record<Platform, readonly Phase[]>> = {
  metal: [
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
  container: [
    ["memorySizeCheck", "memorySizeCheck"],
    ["diskSizeCheck", "diskSizeCheck"],
    ["env", "setUserEnvVars", "waitForCARoots"],
    ["dbus", "startDBus"],
    ["sharedFilesystems", "setupSharedFilesystems"],
    ["ephemeral", "mountEphemeralPartition"],
    ["userSetup", "writeUserFiles"],
    ["startEverything", "startAllServices"],
  ],
};

const unmount: readonly Phase[] = [
  ["unmountBind", "unmountSystemDiskBindMounts"],
  ["unmountPromotable", "unmountPromotableSystemPartitions"],
  ["unmountSystem", "unmountEphemeralPartition"],
  ["volumeFinalize", "teardownLifecycle"],
];
const drain: Phase = ["drain", "cordonAndDrainNode"];
const dbus: Phase = ["dbus", "stopDBus"];
const cleanup: Phase = ["cleanup", "stopAllPods"];
const kexec: Phase = ["kexec", "kexecPrepare"];
const meta: Phase = ["meta", "reloadMeta"];
const stopEverything: Phase = ["stopEverything", "stopAllServices"];
const rebootPhase: Phase = ["reboot", "reboot"];
const shutdownPhase: Phase = ["shutdown", "shutdown"];
const denyNewServices: Phase = ["denyNewServices", "denyNewServices"];
const stopAll: readonly Phase[] = [
  denyNewServices,
  ["stopServices", "stopServicesForUpgrade"],
  ["umount", "unmountPodMounts"],
  ...unmount,
  stopEverything,
];

/** The phases of a sequence on this platform. */
export function phasesOf(
  name: SequenceName,
  platform: Platform,
  options: SequenceOptions = {},
): readonly Phase[] {
  if (name === "initialize") return initialize[platform];
  if (name === "boot") return boot[platform];
  if (name === "install") return [];
  return platform === "container" ? inContainer(name, options) : onMetal(name, options);
}

function inContainer(name: SequenceName, { force }: SequenceOptions): readonly Phase[] {
  if (name === "reset") return [stopEverything, shutdownPhase];
  if (name !== "shutdown") return [];
  const store: Phase = ["storeShutdown", "storeShutdownEmergency"];
  return [store, ...some(!force, drain), cleanup, dbus, stopEverything, shutdownPhase];
}

function onMetal(name: SequenceName, options: SequenceOptions): readonly Phase[] {
  const { rebootMode = "DEFAULT", force = false } = options;
  const kexecs = some(rebootMode === "DEFAULT", kexec);
  switch (name) {
    case "reboot":
      if (rebootMode === "FORCE") return [rebootPhase];
      return [cleanup, dbus, ...stopAll, kexec, rebootPhase];
    case "shutdown":
      return [
        ["storeShutdown", "storeShutdownEmergency"],
        ...some(!force, drain),
        cleanup,
        dbus,
        ...stopAll,
        shutdownPhase,
      ];
    case "reset":
      return resetPhases(options);
    case "upgrade":
      return [
        denyNewServices,
        drain,
        cleanup,
        dbus,
        ["stopServices", "stopServicesForUpgrade"],
        ["unmount", "unmountPodMounts"],
        ...unmount,
        ["upgrade", "upgrade"],
        meta,
        ...kexecs,
        stopEverything,
        rebootPhase,
      ];
    case "stageUpgrade":
      return [cleanup, dbus, ...stopAll, ...kexecs, rebootPhase];
    default:
      return [["upgrade", "upgrade"], meta, ...kexecs, stopEverything, rebootPhase];
  }
}

function resetPhases(options: SequenceOptions): readonly Phase[] {
  const { graceful = false, reboot = false, labels = [], userDisks = [], wipeMode } = options;
  const leavesSystemDisk = wipeMode === "USER_DISKS";
  return [
    ...some(graceful, drain),
    ["cleanup", graceful ? "removeAllPods" : "stopAllPods"],
    dbus,
    ...some(graceful && options.isWorker !== true, ["leave", "leaveEtcd"]),
    ["preReset", "sendResetSignal"],
    ...stopAll,
    ...some(labels.length > 0 && !labels.includes("BOOT"), kexec),
    ["forceCleanup", "forceCleanup"],
    ...some(labels.length === 0 && !leavesSystemDisk, ["reset", "resetSystemDisk"]),
    ...some(labels.length > 0, ["resetSpec", "resetSystemDiskSpec"]),
    ...some(userDisks.length > 0, ["resetUserDisks", "resetUserDisks"]),
    reboot ? rebootPhase : shutdownPhase,
  ];
}

function some(isThere: boolean, phase: Phase): readonly Phase[] {
  return isThere ? [phase] : [];
}
