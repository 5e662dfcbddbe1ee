/** `talosctl gen secureboot`: the group itself, and the flag that its commands share. */

import type { Command, Flags } from "../../../core/command.ts";
import type { genFlags } from "../group.ts";

const flags = {
  output: {
    type: "string",
    short: "o",
    help: "Folder to write to",
    default: "_out",
    persistent: true,
  },
} as const satisfies Flags;

/** What every command of the group inherits. */
export type InheritedFlags = typeof flags & typeof genFlags;

export const group: Command<object, typeof flags> = {
  path: ["gen", "secureboot"],
  summary: "Generate keys and databases for UEFI Secure Boot",
  description: `Makes what is needed to sign your own Talos images and to enrol the keys in the
firmware of machines.`,
  args: { rule: "unchecked" },
  flags,
  targets: "none",
};
