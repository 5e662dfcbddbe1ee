/** The flags of `upgrade`, and what its steps are given. */

import { rebootModeFlag } from "../../core/reboot_mode_flag.ts";
import { trackerFlags } from "../../core/action_tracker/tracker_flags.ts";
import type { Context, Flags } from "../../core/command.ts";
import { guardFlags } from "../../core/guard_rail.ts";
import { progressFlags } from "../../core/progress_flags.ts";

const deprecated = "legacy flag for MachineService.Upgrade fallback, to be removed in Talos 1.18";

export const flags = {
  image: {
    type: "string",
    short: "i",
    help: "Installer image of the version to go to",
    default:
      "factory.talos.dev/metal-installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba:{talosVersion}",
  },
  namespace: {
    type: "string",
    help: "Where the installer image is kept: system, cri or inmem",
    default: "system",
  },
  rebootMode: rebootModeFlag,
  noReboot: {
    type: "bool",
    help: "Install only; the new version starts with the next reboot",
  },
  drain: {
    type: "bool",
    help: "Move pods off the node before the reboot, and let them back after it; implies --wait",
    default: true,
  },
  drainTimeout: {
    type: "duration",
    help: "Time for moving pods away before giving up",
    default: "5m0s",
  },
  legacy: {
    type: "bool",
    help: "Use the upgrade call of old Talos versions; goes away with Talos 1.18",
  },
  force: {
    type: "bool",
    short: "f",
    help: "Old option for the old upgrade call: skip checks of etcd",
    hidden: true,
    deprecated,
  },
  preserve: {
    type: "bool",
    short: "p",
    help: "Old option, for the old upgrade call only",
    hidden: true,
    deprecated,
  },
  stage: {
    type: "bool",
    short: "s",
    help: "Old option for the old upgrade call: install while booting",
    hidden: true,
    deprecated,
  },
  ...progressFlags,
  ...trackerFlags,
  ...guardFlags,
} as const satisfies Flags;

/** The context of the command. */
export type UpgradeContext = Context<typeof flags>;

/** Whether nodes are followed through their restart: draining makes no sense without. */
export function waits({ flags: { wait, debug, drain } }: UpgradeContext): boolean {
  return wait || debug || drain;
}
