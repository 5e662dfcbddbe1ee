/** `talosctl gen`: the group itself, which prints its help, and the flag that all its commands share. */

import type { Command, Flags } from "../../core/command.ts";

export const genFlags = {
  force: {
    type: "bool",
    short: "f",
    help: "Replace files that exist; without it they are an error",
    persistent: true,
  },
} as const satisfies Flags;

export const group: Command<object, typeof genFlags> = {
  path: ["gen"],
  summary: "Generate certificates, keys, secrets and machine configurations",
  description: `Makes what a cluster needs, on this machine and without asking any node. Files
that exist are left alone unless --force is given.`,
  group: "mgmt",
  args: { rule: "unchecked" },
  flags: genFlags,
  targets: "none",
};
