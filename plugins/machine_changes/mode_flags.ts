/** The flags that apply-config, patch and edit share: when a change counts, and whether it is made at all. */

import type { Flags } from "../../core/command.ts";

export const modeFlags = {
  dryRun: { type: "bool", help: "Show what would be done, and change nothing" },
  mode: {
    type: "enum",
    short: "m",
    help:
      "When changes count: auto and no-reboot (at once), staged (after the next boot), try (at once, until --timeout)",
    default: "auto",
    typeName: "auto, no-reboot, staged, try",
    values: ["auto", "no-reboot", "staged", "try"],
    caseSensitive: true,
    valuesError: "possible options are: auto, no-reboot, staged, try",
  },
  timeout: {
    type: "duration",
    help: "Time after which --mode=try goes back to the old configuration",
    default: "1m0s",
  },
} as const satisfies Flags;

/** The flag that patch and edit have kept from older versions. */
export const namespaceFlag = {
  namespace: { type: "string", help: "Accepted for old scripts; without effect" },
} as const satisfies Flags;
