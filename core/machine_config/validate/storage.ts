/** Checks of LVM and RAID documents and of compressed swap (spec/machine-config.md, 12.3). */

import { comparableSize } from "../sizes.ts";
import { type ConfigValue, numberAt, textAt, valueAt } from "../value.ts";
import { expressionProblem } from "./expressions.ts";
import type { DocumentChecks, Findings } from "./findings.ts";

/** The checks by kind. */
export const storageChecks: DocumentChecks = {
  ZswapConfig: ({ value }, { errors }) => {
    const percent = numberAt(value, "maxPoolPercent");
    if (percent < 0 || percent > 100) errors.push("maxPoolPercent must be between 0 and 100");
  },
  LVMVolumeGroupConfig: async ({ name, value }, findings) => {
    findings.errors.push(...nameProblems(name, 63));
    await checkSelector(textAt(value, "provisioning", "volumeSelector", "match"), findings);
  },
  RAIDArrayConfig: async ({ name, value }, findings) => {
    findings.errors.push(...nameProblems(name, 32));
    await checkSelector(textAt(value, "provisioning", "volumeSelector", "match"), findings);
  },
  LVMLogicalVolumeConfig: ({ name, value }, { errors }) => {
    errors.push(...nameProblems(name, 63), ...layoutProblems(value), ...sizeProblems(value));
  },
};

function nameProblems(name: string, longest: number): string[] {
  if (name === "") return ["name is required"];
  const problems: string[] = [];
  if (name.length > longest) {
    problems.push(`name must be between 1 and ${longest} characters long`);
  }
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    problems.push("name can only contain ASCII letters, digits, hyphens and underscores");
  }
  return problems;
}

async function checkSelector(match: string, { errors }: Findings): Promise<void> {
  const where = "provisioning.volumeSelector.match";
  const problem = match === "" ? undefined : await expressionProblem(match, "volume");
  if (match === "") errors.push(`${where} is required`);
  else if (problem !== undefined) errors.push(`${where}: ${problem}`);
}

/** Copies and stripes, and the types that have them. */
const layouts = [
  { key: "mirrors", types: ["raid1", "raid10"], least: 1 },
  { key: "stripes", types: ["raid0", "raid10"], least: 2 },
] as const;

function layoutProblems(value: ConfigValue): string[] {
  const type = textAt(value, "type") || "linear";
  return layouts.filter(({ key }) => valueAt(value, key) !== undefined).flatMap(
    ({ key, types, least }) => {
      const problems: string[] = [];
      if (!types.some((each) => each === type)) {
        problems.push(`${key} is only valid for ${types.join("/")}, not ${type}`);
      }
      if (numberAt(value, key) < least) problems.push(`${key} must be at least ${least}`);
      return problems;
    },
  );
}

function sizeProblems(value: ConfigValue): string[] {
  const problems: string[] = [];
  const [least, most] = ["minSize", "maxSize"].map((key) => textAt(value, "provisioning", key));
  if (textAt(value, "provisioning", "volumeGroup") === "") {
    problems.push("provisioning.volumeGroup is required");
  }
  if (most === "") problems.push("provisioning.maxSize is required");
  const [leastBytes, mostBytes] = [comparableSize(least ?? ""), comparableSize(most ?? "")];
  if (mostBytes !== undefined && mostBytes < 0) {
    problems.push("provisioning.maxSize must not be negative");
  }
  if (leastBytes !== undefined && mostBytes !== undefined && leastBytes > mostBytes) {
    problems.push("provisioning.minSize must not exceed provisioning.maxSize");
  }
  return problems;
}
