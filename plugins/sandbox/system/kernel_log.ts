/** The kernel's log of a node: its boot, and what Talos says through it (spec/machine-read.md, 11). */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import { createGrowingLog, type GrowingLog } from "./growing_log.ts";
import { cpuCount, disksOf, memoryKiB } from "./hardware.ts";

/** A record of the kernel. */
export interface KernelRecord {
  facility: "kern" | "user" | "daemon";
  priority: "emerg" | "alert" | "crit" | "err" | "warning" | "notice" | "info" | "debug";
  /** Since boot. */
  microseconds: number;
  text: string;
}

/** The size of the kernel's buffer. */
const capacityBytes = 1024 * 1024;
const heartbeatMs = 15_000;
/** The kernel's version. */
export const kernelRelease = "6.18.9-talos";
/** How the kernel was started. */
export const kernelCommandLine =
  "talos.platform=metal console=ttyS0 init_on_alloc=1 slab_nomerge pti=on selinux=1";

/** The log since the node's boot. */
export function createKernelLog(
  node: SandboxNode,
  clock: SandboxClock,
): GrowingLog<KernelRecord> {
  return createGrowingLog({
    clock,
    history: bootRecords(node),
    capacityBytes,
    sizeBytes: ({ text }) => text.length,
    heartbeat: {
      startAt: node.bootedAt,
      periodMs: heartbeatMs,
      entry: (at, index) => ({
        ...talos(
          `[talos] time query: adjusted by ${
            (index * 37) % 90 + 3
          }us {"component": "controller-runtime", "controller": "time.SyncController"}`,
        ),
        microseconds: (at.getTime() - node.bootedAt.getTime()) * 1000,
      }),
    },
  });
}

/** A record as Dmesg sends it: `kern:    info: [2026-11-21T10:25:20.5Z]: text`. */
export function formatKernelRecord(
  { facility, priority, microseconds, text }: KernelRecord,
  bootedAt: Date,
): string {
  return `${facility}: ${priority.padStart(7)}: [${stampOf(bootedAt, microseconds)}]: ${text}\n`;
}

/** RFC 3339 in UTC; the fraction without its last zeros. */
function stampOf(bootedAt: Date, microseconds: number): string {
  const totalUs = bootedAt.getTime() * 1000 + microseconds;
  const seconds = Math.floor(totalUs / 1e6);
  const fraction = String(totalUs - seconds * 1e6).padStart(6, "0").replace(/0+$/, "");
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction === "" ? "" : `.${fraction}`}Z`;
}

function bootRecords(node: SandboxNode): readonly KernelRecord[] {
  const lines = [
    kernel("notice", `Linux version ${kernelRelease} (talos@sandbox) #1 SMP PREEMPT_DYNAMIC`),
    kernel("info", `Command line: ${kernelCommandLine}`),
    kernel("info", "BIOS-provided physical RAM map:"),
    kernel("info", `Memory: ${memoryKiB}K available`),
    kernel("info", `smpboot: Allowing ${cpuCount} CPUs, 0 hotplug CPUs`),
    kernel("info", "SELinux:  Initializing."),
    kernel("info", "cgroup: Disabling cpu and memory controllers of version 1"),
    kernel("info", "NET: Registered PF_INET6 protocol family"),
    kernel("info", "virtio_net virtio0 eth0: renamed from enp0s2"),
    ...disksOf(node).map(({ name, sizeBytes }) =>
      kernel("info", `${name}: detected capacity change from 0 to ${sizeBytes / 512}`)
    ),
    kernel("warning", "random: crng init done (trusting CPU's manufacturer)"),
    kernel("info", "Run /init as init process"),
    talos("[talos] [initramfs] booting Talos " + node.version.tag),
    talos("[talos] [initramfs] mounting the rootfs"),
    talos(
      `[talos] setting hostname {"component": "controller-runtime", "controller": "network.HostnameSpecController", "hostname": "${node.hostname}", "domainname": ""}`,
    ),
    talos(
      `[talos] assigned address {"component": "controller-runtime", "controller": "network.AddressSpecController", "address": "${
        node.addresses[0]
      }/24", "link": "eth0"}`,
    ),
    ...[...node.services.values()].filter(({ state }) => state === "Running")
      .map(({ kind: { id, started } }) => talos(`[talos] service[${id}](Running): ${started}`)),
    ...(node.stage === "maintenance"
      ? [talos("[talos] this machine is reachable at: " + node.addresses.join(", "))]
      : [talos("[talos] boot sequence: done: 22.104s")]),
  ];
  // The first are the kernel's and come at once; the rest takes the seconds of a boot.
  const last = lines.length - 1;
  return lines.map((line, index) => ({
    ...line,
    microseconds: Math.round((index / last) ** 3 * 14_000_000),
  }));
}

function kernel(priority: KernelRecord["priority"], text: string): KernelRecord {
  return { facility: "kern", priority, microseconds: 0, text };
}

function talos(text: string): KernelRecord {
  return { facility: "user", priority: "warning", microseconds: 0, text };
}
