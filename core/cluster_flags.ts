/** The flags of `cluster` and everything below it: which local cluster is meant (spec/cluster-ops.md, 9). */

import type { Flags } from "./command.ts";

/** Declared by the group, inherited by the commands of all provisioners. */
export const clusterFlags = {
  name: { type: "string", help: "Name of the cluster", default: "talos-default", persistent: true },
  remoteEndpoint: {
    type: "string",
    help: "Host:port of a machine that runs remote-provision-launch; without it, clusters run here",
    persistent: true,
  },
  state: {
    type: "string",
    help: "Folder that keeps the state of local clusters",
    default: "{talosDir}/clusters",
    persistent: true,
  },
} as const satisfies Flags;
