/** Checks of volumes (spec/machine-config.md, 12.3). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, textAt, valueAt } from "../value.ts";
import { expressionProblem } from "./expressions.ts";
import { type DocumentChecks, type Findings, firstOnly } from "./findings.ts";
import { isGiven } from "./given.ts";
import {
  encryptionProblems,
  filesystemProblems,
  intervalProblems,
  provisioningProblems,
  scrubProblem,
} from "./volume_parts.ts";

/** The checks by kind. */
export const volumeChecks: DocumentChecks = {
  ExistingVolumeConfig: async ({ name, value }, { errors }) => {
    errors.push(...nameProblems(name, Infinity));
    const match = textAt(value, "discovery", "volumeSelector", "match");
    const problem = match === "" ? undefined : await expressionProblem(match, "volume");
    if (match === "") errors.push("volume selector is required");
    else if (problem !== undefined) errors.push(`volume selector is invalid: ${problem}`);
    errors.push(...intervalProblems(value));
  },
  UserVolumeConfig: async ({ name, value }, { errors }) => {
    errors.push(...nameProblems(name, longestUserName));
    const type = textAt(value, "volumeType") || "partition";
    if (type === "directory") errors.push(...directoryProblems(value));
    else if (type === "disk" || type === "partition") {
      const provisioning = valueAt(value, "provisioning");
      errors.push(
        ...await provisioningProblems(provisioning, { isRequired: true, isDisk: type === "disk" }),
      );
      errors.push(...filesystemProblems(valueAt(value, "filesystem")));
      errors.push(...encryptionProblems(valueAt(value, "encryption")));
    } else errors.push(`unsupported volume type ${goQuote(type)}`);
    errors.push(...intervalProblems(value));
  },
  RawVolumeConfig: checkRawVolume,
  SwapVolumeConfig: checkRawVolume,
  ExternalVolumeConfig: ({ name, value }, { errors }) => {
    errors.push(...nameProblems(name, longestUserName));
    const type = textAt(value, "filesystemType") || "none";
    if (type !== "virtiofs") errors.push(`invalid filesystem type: ${type}`);
    else if (valueAt(value, "mount", "virtiofs") === undefined) {
      errors.push("virtiofs mount spec is required");
    } else if (textAt(value, "mount", "virtiofs", "tag") === "") {
      errors.push("virtiofs tag is required");
    }
  },
  VolumeConfig: ({ name, value }, findings) => checkSystemVolume(name, value, findings),
  FilesystemTrimConfig: ({ value }, { errors }) => {
    if (textAt(value, "interval").startsWith("-")) errors.push("interval cannot be negative");
  },
  FilesystemScrubConfig: firstOnly(({ value }, { errors }) => {
    errors.push(...scrubProblem(value));
  }),
};

const longestUserName = 34;

function nameProblems(name: string, longest: number): string[] {
  if (name === "") return ["name is required"];
  const problems: string[] = [];
  if (name.length > longest) {
    problems.push(`name must be between 1 and ${longest} characters long`);
  }
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    problems.push(
      "name can only contain lowercase and uppercase ASCII letters, digits, and hyphens",
    );
  }
  return problems;
}

function directoryProblems(value: ConfigValue): string[] {
  const parts = ["provisioning", "encryption", "filesystem"];
  const problems = parts.filter((part) => isGiven(valueAt(value, part)))
    .map((part) => `${part} spec is invalid for volumeType directory`);
  if (valueAt(value, "mount", "disableAccessTime") !== undefined) {
    problems.push("mount.disableAccessTime is invalid for volumeType directory");
  }
  return problems;
}

async function checkRawVolume(
  { name, value }: { name: string; value: ConfigValue },
  { errors }: Findings,
): Promise<void> {
  errors.push(...nameProblems(name, longestUserName));
  const provisioning = valueAt(value, "provisioning");
  errors.push(...await provisioningProblems(provisioning, { isRequired: true, isDisk: false }));
  errors.push(...encryptionProblems(valueAt(value, "encryption")));
}

const systemVolumes: readonly string[] = [
  "STATE",
  "EPHEMERAL",
  "IMAGECACHE",
  "ETCD",
  "CRI",
  "KUBELET",
  "LOG",
];

async function checkSystemVolume(
  name: string,
  value: ConfigValue,
  { errors }: Findings,
): Promise<void> {
  if (!systemVolumes.includes(name)) {
    errors.push(`only [${systemVolumes.map(goQuote).join(" ")}] volumes are supported`);
    return;
  }
  const label = `${goQuote(name)} volume`;
  const [provisioning, mount] = [valueAt(value, "provisioning"), valueAt(value, "mount")];
  const isState = name === "STATE";
  if (isState && isGiven(provisioning)) {
    errors.push(`provisioning config is not allowed for the ${label}`);
  }
  const keys = valueAt(value, "encryption", "keys");
  const isLocked = Array.isArray(keys) && keys.some((key) => valueAt(key, "lockToState") === true);
  if (isState && isLocked) errors.push(`state-locked key is not allowed for the ${label}`);
  if ((isState || name === "IMAGECACHE") && isGiven(mount)) {
    errors.push(`mount config is not allowed for the ${label}`);
  }
  if (name === "IMAGECACHE" && isGiven(valueAt(value, "filesystem"))) {
    errors.push(`filesystem config is not allowed for the ${label}`);
  }
  if (systemVolumes.indexOf(name) >= 3 && isGiven(mount) && !isGiven(provisioning)) {
    errors.push(
      `mount config for the ${label} is only supported when it is provisioned onto ` +
        "a dedicated partition",
    );
  }
  errors.push(...await provisioningProblems(provisioning, { isRequired: false, isDisk: false }));
  errors.push(...encryptionProblems(valueAt(value, "encryption")));
  errors.push(...intervalProblems(value));
}
