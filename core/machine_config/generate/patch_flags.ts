/** The flags of commands that generate configurations and have them patched. */

import type { Flags } from "../../command.ts";

/** Spread into a command's flags. */
export const patchFlags = {
  configPatch: {
    type: "stringArray",
    help: "Patch for the machine configuration of all nodes, inline or as @file; can be repeated",
  },
  configPatchControlPlane: {
    type: "stringArray",
    help: "Patch for control plane nodes only, inline or as @file; can be repeated",
  },
  configPatchWorker: {
    type: "stringArray",
    help: "Patch for workers only, inline or as @file; can be repeated",
  },
} as const satisfies Flags;
