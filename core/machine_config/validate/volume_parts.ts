/** Checks of what several kinds of volumes have: provisioning, filesystem, encryption, upkeep. */

import { parseDuration } from "../../flags/duration.ts";
import { comparableSize } from "../sizes.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";
import { expressionProblem } from "./expressions.ts";
import { isGiven } from "./given.ts";

/** What is wrong with where a volume is put; where that is required, a part that is missing too. */
export async function provisioningProblems(
  provisioning: ConfigValue | undefined,
  { isRequired, isDisk }: { isRequired: boolean; isDisk: boolean },
): Promise<string[]> {
  const problems: string[] = [];
  const match = textAt(provisioning, "diskSelector", "match");
  const ofMatch = match === "" ? undefined : await expressionProblem(match, "disk");
  if (ofMatch !== undefined) problems.push(`disk selector is invalid: ${ofMatch}`);
  else if (match === "" && isRequired) problems.push("disk selector is required");

  const [least, most] = [textAt(provisioning, "minSize"), textAt(provisioning, "maxSize")];
  if (isDisk) {
    if (least !== "" || most !== "" || valueAt(provisioning, "grow") !== undefined) {
      problems.push("min size, max size and grow are not supported");
    }
    return problems;
  }
  const [leastBytes, mostBytes] = [comparableSize(least), comparableSize(most)];
  if (
    leastBytes !== undefined && mostBytes !== undefined && mostBytes >= 0 && leastBytes > mostBytes
  ) {
    problems.push("min size is greater than max size");
  }
  if (isRequired && least === "" && most === "") {
    problems.push("min size or max size is required");
  }
  if (leastBytes !== undefined && leastBytes < 0) problems.push("min size cannot be negative");
  return problems;
}

/** What is wrong with a filesystem, the first only. */
export function filesystemProblems(filesystem: ConfigValue | undefined): string[] {
  const type = textAt(filesystem, "type") || "none";
  if (!["none", "xfs", "ext4", "btrfs"].includes(type)) {
    return [`unsupported filesystem type: ${type}`];
  }
  const isXfs = type === "xfs" || type === "none"; // what is chosen where nothing is said
  if (valueAt(filesystem, "projectQuotaSupport") === true && !isXfs) {
    return ["project quota support is only available for xfs filesystem"];
  }
  if (valueAt(filesystem, "xfs") !== undefined && !isXfs) {
    return ["xfs options are only available for xfs filesystem"];
  }
  return [];
}

/** The highest platform configuration register of a TPM. */
const lastRegister = 23;

/** What is wrong with an encryption, where one is given. */
export function encryptionProblems(encryption: ConfigValue | undefined): string[] {
  if (!isGiven(encryption)) return [];
  const problems: string[] = [];
  const provider = textAt(encryption, "provider") || "none";
  if (provider !== "luks2") problems.push(`unsupported encryption provider: ${provider}`);
  const keys = listAt(encryption, "keys");
  if (keys.length === 0) problems.push("encryption keys are required");
  const slots = new Set<number>();
  for (const key of keys) {
    const slot = numberAt(key, "slot");
    if (slots.has(slot)) problems.push(`duplicate key slot ${slot}`);
    slots.add(slot);
    if (!["static", "nodeID", "kms", "tpm"].some((kind) => valueAt(key, kind) !== undefined)) {
      problems.push(`at least one encryption key type must be specified for slot ${slot}`);
    }
    for (const register of listAt(key, "tpm", "options", "pcrs").map(Number)) {
      if (register >= 0 && register <= lastRegister) continue;
      problems.push(`TPM PCR ${register} is out of range (0-${lastRegister})`);
    }
  }
  return problems;
}

/** What is wrong with when a volume is trimmed and scrubbed. */
export function intervalProblems(value: ConfigValue): string[] {
  const trim = textAt(value, "trim", "interval");
  const problems = trim.startsWith("-") ? ["trim interval cannot be negative"] : [];
  return [...problems, ...scrubProblem(valueAt(value, "scrub"))];
}

const leastScrubMs = 10_000;

/** What is wrong with the interval of scrubbing, where one is given. */
export function scrubProblem(scrub: ConfigValue | undefined): string[] {
  const intervalMs = parseDuration(textAt(scrub, "interval") || "0");
  const isBad = intervalMs !== 0 && intervalMs < leastScrubMs;
  return isBad ? ["scrub interval: minimum value is 10s"] : [];
}
