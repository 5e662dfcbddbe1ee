/** `talosctl etcd`, `etcd alarm` and `etcd downgrade`: the groups themselves, which print their help. */

import type { Command } from "../../core/command.ts";

export const group: Command = {
  path: ["etcd"],
  summary: "Look after the etcd cluster of the control plane",
  description: "All of these ask control plane nodes; workers run no etcd.",
  group: "talos",
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};

export const alarmGroup: Command = {
  path: ["etcd", "alarm"],
  summary: "Show and clear alarms of etcd",
  description: `A member that runs out of space or finds its data damaged raises an alarm, and
etcd then refuses to be written to.`,
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};

export const downgradeGroup: Command = {
  path: ["etcd", "downgrade"],
  summary: "Prepare etcd for going back to an older version",
  description: `Downgrading goes one minor version at a time: validate, enable, then change the
etcd version of each control plane node.`,
  args: { rule: "unchecked" },
  flags: {},
  targets: "none",
};
