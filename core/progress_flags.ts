/** The flag of commands whose progress can be told in plain lines (spec/machine-ops.md, 5). */

import type { Flags } from "./command.ts";

/** Spread into the flags of such a command: the frame reads it. */
export const progressFlags = {
  progress: {
    type: "enum",
    help: "How progress is shown: auto (redrawn on terminals), or plain lines",
    default: "auto",
    values: ["auto", "plain"],
    valuesError: "must be one of [auto plain]",
  },
} as const satisfies Flags;
