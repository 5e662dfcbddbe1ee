/** The `--namespace` of image commands (spec/machine-read.md, 22). */

import type { Flags } from "../../core/command.ts";

/** Declared by the group, so that all image commands have it. */
export const namespaceFlags = {
  namespace: {
    type: "string",
    help: "Where images are kept: cri (for Kubernetes), system (for Talos) or inmem " +
      "(in memory, gone after a reboot)",
    default: "cri",
    persistent: true,
  },
} as const satisfies Flags;
