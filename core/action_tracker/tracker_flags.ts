/** The flags of commands that follow nodes through an action (spec/machine-ops.md, 6). */

import type { Context, Flags } from "../command.ts";

/** Spread into the flags of such a command. */
export const trackerFlags = {
  wait: {
    type: "bool",
    help: "Follow the nodes until they are done; without it, return once they have agreed",
    default: true,
  },
  debug: { type: "bool", help: "Print the kernel log of nodes that fail; implies --wait" },
  timeout: {
    type: "duration",
    help: "Time for the whole action; a node that takes longer counts as failed",
    default: "30m0s",
  },
} as const satisfies Flags;

/** What tracking needs of a command. */
export type TrackingContext = Pick<
  Context<typeof trackerFlags>,
  "flags" | "talos" | "signal" | "out" | "progress" | "note" | "version"
>;
