/** The two flags of commands that also work on a node in maintenance mode (spec/client.md, 3.12). */

import type { Flags } from "./command.ts";

/** Spread into a command's flags; the frame then connects without a client certificate when asked to. */
export const insecureFlags = {
  certFingerprint: {
    type: "strings",
    help: "Accept only a server certificate with one of these SHA-256 fingerprints " +
      "(base64, with --insecure); any is accepted otherwise",
  },
  insecure: {
    type: "bool",
    short: "i",
    help: "Talk to a node in maintenance mode: no talosconfig, no client certificate",
  },
} as const satisfies Flags;
