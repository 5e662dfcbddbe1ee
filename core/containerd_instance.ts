/** The `--namespace` of commands about images: which containerd is meant, and which part of it (spec/machine-ops.md, 9.2). */

import { CliError } from "./errors.ts";

const instances = {
  cri: { driver: "CRI", namespace: "NS_CRI" },
  system: { driver: "CRI", namespace: "NS_SYSTEM" },
  inmem: { driver: "CONTAINERD", namespace: "NS_SYSTEM" },
} as const;

/** As requests about images name it. */
export type ContainerdInstance = typeof instances[keyof typeof instances];

/**
 * What a word on the command line stands for.
 *
 * @throws {CliError} for a word that names none
 */
export function containerdInstance(namespace: string): ContainerdInstance {
  if (namespace === "cri" || namespace === "system" || namespace === "inmem") {
    return instances[namespace];
  }
  throw new CliError(`unsupported namespace "${namespace}"`);
}

/**
 * As nodes without the image service know it.
 *
 * @throws {CliError} for what they do not know
 */
export function legacyNamespace(namespace: string): "NS_CRI" | "NS_SYSTEM" {
  if (namespace === "inmem") throw new CliError(`unsupported namespace "${namespace}"`);
  return containerdInstance(namespace).namespace;
}
