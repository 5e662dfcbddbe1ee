/** `talosctl meta`: the group itself, with two flags that its commands do not take (spec/machine-ops.md, 12). */

import type { Command, Flags } from "../../core/command.ts";

const flags = {
  certFingerprint: { type: "strings", help: "Accepted for old scripts, like --insecure" },
  insecure: {
    type: "bool",
    short: "i",
    help: "Accepted for old scripts; the subcommands do not take it",
  },
} as const satisfies Flags;

export const group: Command<object, typeof flags> = {
  path: ["meta"],
  summary: "Write and delete values in the META partition",
  description: `META is a small partition that keeps a few values across reinstallation, each
under a number. Read it with "talosctl get meta".`,
  group: "talos",
  args: { rule: "none" },
  flags,
  targets: "none",
};
