/** The flag of commands that restart nodes: how far down a node goes before it comes up again. */

import type { Flag } from "./command.ts";

/** Stands under the name that the command has for it. */
export const rebootModeFlag = {
  type: "enum",
  short: "m",
  help:
    "How to restart: default (skips the firmware where it can), powercycle (goes through it) or force (stops nothing first)",
  default: "default",
  values: ["default", "force", "powercycle"],
  valuesError: "must be one of [default force powercycle]",
} as const satisfies Flag;
