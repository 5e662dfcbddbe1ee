/** `talosctl reset`: wipes nodes and follows them until they are done. */

import { isStoppingAllServices } from "../../core/action_tracker/expected_events.ts";
import { isWipedOrHasRebooted } from "../../core/action_tracker/post_checks.ts";
import { trackAction } from "../../core/action_tracker/track_action.ts";
import { trackerFlags } from "../../core/action_tracker/tracker_flags.ts";
import type { Command, Flags, FlagsOf } from "../../core/command.ts";
import { askBeforehand, guardFlags } from "../../core/guard_rail.ts";
import { checkServerVersions } from "../../core/version_check.ts";
import { failuresOnly } from "./failures_only.ts";

const flags = {
  graceful: {
    type: "bool",
    help: "Drain the node and leave etcd first; switch it off when the cluster is gone",
    default: true,
  },
  reboot: { type: "bool", help: "Restart the node after the reset; without it, power off" },
  wipeMode: {
    type: "enum",
    help: "Disks to erase: all, the system disk, or only those of --user-disks-to-wipe",
    default: "all",
    typeName: "all, system-disk, user-disks",
    values: ["all", "system-disk", "user-disks"],
    caseSensitive: true,
    valuesError: "possible options are: all, system-disk, user-disks",
  },
  systemLabelsToWipe: {
    type: "strings",
    help:
      "Labels of the only system partitions to erase, such as STATE or EPHEMERAL; can be repeated",
  },
  userDisksToWipe: {
    type: "strings",
    help: "Other disks to erase, such as /dev/sdb; can be repeated",
  },
  ...trackerFlags,
  ...guardFlags,
} as const satisfies Flags;

const wipeModes: Readonly<Record<string, "ALL" | "SYSTEM_DISK" | "USER_DISKS">> = {
  "all": "ALL",
  "system-disk": "SYSTEM_DISK",
  "user-disks": "USER_DISKS",
};

export const reset: Command<object, typeof flags> = {
  path: ["reset"],
  summary: "Wipe nodes",
  description: `Erases the disks of the nodes and then powers them off, or restarts them with
--reboot. There is no way back; on a terminal you are asked first. A node that
is still part of its cluster leaves it before: it is drained, and a control plane
node leaves etcd; use --graceful=false when that cannot work.

--wipe-mode chooses the disks; --system-labels-to-wipe erases only parts of the
system disk, so that the node can start from them anew.

A node that restarts is looked for at its own address, where it then waits for a
configuration; that address has to be within reach of this machine.`,
  example: `  talosctl reset -n 10.5.0.3
  talosctl reset -n 10.5.0.3 --system-labels-to-wipe STATE,EPHEMERAL --reboot
  talosctl reset -n 10.5.0.3 --graceful=false --wipe-mode user-disks --user-disks-to-wipe /dev/sdb`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "many",
  tracking: true,
  nodeError: (node, error) => `error executing reset on node ${node}: ${error.message}`,

  async *run(ctx) {
    const { graceful, reboot, wipeMode, systemLabelsToWipe, userDisksToWipe } = ctx.flags;
    const nodes = await ctx.nodes();
    const consequences = nodes.map((node) => `${node}: ${consequenceOf(ctx.flags)}`);
    await askBeforehand(ctx, "Wipe, with no way back?", consequences);
    const request = {
      graceful,
      reboot,
      mode: wipeModes[wipeMode],
      userDisksToWipe,
      systemPartitionsToWipe: systemLabelsToWipe.map((label) => ({ label, wipe: true })),
    };
    if (ctx.flags.wait || ctx.flags.debug) {
      return await trackAction(ctx, {
        name: "reset",
        nodes,
        start: (machine, options) => machine.reset(request, options),
        isExpected: isStoppingAllServices,
        ...(reboot ? { postCheck: isWipedOrHasRebooted } : {}),
      });
    }
    await checkServerVersions(ctx, nodes);
    const machine = await ctx.talos.nodes(nodes).service("machine.MachineService");
    yield* failuresOnly(machine.reset(request));
  },
};

function consequenceOf(given: FlagsOf<typeof flags>): string {
  const { wipeMode, systemLabelsToWipe: labels, userDisksToWipe: disks, reboot } = given;
  const named = disks.length > 0 ? disks.join(", ") : "no disk";
  const system = labels.length > 0 ? `the partitions ${labels.join(", ")}` : "the system disk";
  const erased = {
    "all": disks.length > 0 ? `${system} and ${named}` : system,
    "system-disk": system,
    "user-disks": named,
  }[wipeMode];
  return `erases ${erased}, then ${reboot ? "restarts" : "powers off"}`;
}
