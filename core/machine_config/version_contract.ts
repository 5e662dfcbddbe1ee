/** Which Talos version a generated file is for (spec/machine-config.md, 3): what is in it depends on it. */

import { CliError } from "../errors.ts";

/** A Talos version without its patch level. */
export interface VersionContract {
  /** 1 in `v1.12`. */
  major: number;
  /** 12 in `v1.12`. */
  minor: number;
}

/** What this program makes unless told otherwise: newer than every version. */
export const currentContract: VersionContract = { major: Infinity, minor: Infinity };

/**
 * The contract of a version such as `v1.12` or `1.12.3`; an empty text is the current one.
 *
 * @throws {CliError} `invalid talos-version: …`
 */
export function parseVersionContract(text: string): VersionContract {
  if (text === "") return currentContract;
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:\.|$)/.exec(text) ?? [];
  if (major === undefined || minor === undefined) {
    const version = text.replace(/^v/, "");
    throw new CliError(`invalid talos-version: error parsing version "v${version}"`);
  }
  return { major: Number(major), minor: Number(minor) };
}

/** Whether it is for Talos `1.<minor>` or newer. */
export function isAtLeast(contract: VersionContract, minor: number): boolean {
  return contract.major > 1 || (contract.major === 1 && contract.minor >= minor);
}
