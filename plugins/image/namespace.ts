/** The `--namespace` of image commands: which containerd is meant, and which part of it (spec/machine-read.md, 22). */

import type { Flags } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";

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

const instances = {
  cri: { driver: "CRI", namespace: "NS_CRI" },
  system: { driver: "CRI", namespace: "NS_SYSTEM" },
  inmem: { driver: "CONTAINERD", namespace: "NS_SYSTEM" },
} as const;

/** As requests of the image service name it. */
export type ContainerdInstance = typeof instances[keyof typeof instances];

/** @throws {CliError} for a word that names none. */
export function containerdInstance(namespace: string): ContainerdInstance {
  if (namespace === "cri" || namespace === "system" || namespace === "inmem") {
    return instances[namespace];
  }
  throw new CliError(`unsupported namespace "${namespace}"`);
}

/**
 * As nodes without the image service know it.
 *
 * @throws {CliError} for what they do not know.
 */
export function legacyNamespace(namespace: string): "NS_CRI" | "NS_SYSTEM" {
  if (namespace === "inmem") throw new CliError(`unsupported namespace "${namespace}"`);
  return containerdInstance(namespace).namespace;
}
