/** Checks of containers that run beside the system's services (spec/machine-config.md, 12.3). */

import { goQuote } from "../../output/go_quote.ts";
import { comparableSize } from "../sizes.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";
import { type DocumentChecks, problemOf } from "./findings.ts";

/** The checks by kind. */
export const containerChecks: DocumentChecks = {
  ContainerConfig: ({ name, value }, { errors, warnings }) => {
    const label = goQuote(name);
    if (name === "") errors.push("name is required");
    else if (name.length > 63) errors.push(`name ${label} must be 63 characters or fewer`);
    else if (!/^[a-z0-9-]+$/.test(name)) {
      errors.push(
        `name ${label}: name can only contain lowercase ASCII letters, digits and hyphens`,
      );
    }
    const image = textAt(value, "image");
    if (image === "") errors.push("image is required");
    else if (!image.includes("@sha256:")) {
      warnings.push(
        `container ${label}: image ${goQuote(image)} is not digest-pinned, ` +
          "the running image may change on restart",
      );
    }
    errors.push(
      ...environmentProblems(listAt(value, "environment")),
      ...mountProblems(listAt(value, "mounts")),
      ...securityProblems(valueAt(value, "security")),
      ...networkProblems(textAt(value, "network", "mode")),
      ...limitProblems(valueAt(value, "resources", "limits")),
      ...dependencyProblems(name, valueAt(value, "dependsOn")),
    );
    for (const key of ["uid", "gid"]) {
      const id = numberAt(value, "runAs", key);
      if (id < 0) errors.push(`runAs.${key} must be non-negative, got ${id}`);
    }
  },
};

function environmentProblems(variables: readonly ConfigValue[]): string[] {
  return variables.map(String).flatMap((variable, index) =>
    /^[^=]+=/.test(variable)
      ? []
      : `environment[${index}]: ${goQuote(variable)} must be in KEY=value form`
  );
}

const mountKinds = ["userVolume", "tmpfs", "hostPath"] as const;

const mountOptions: readonly string[] = [
  "ro",
  "rw",
  "noexec",
  "nosuid",
  "nodev",
  "noatime",
  "rbind",
  "rshared",
];

function mountProblems(mounts: readonly ConfigValue[]): string[] {
  const destinations = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const where = `mounts[${index}]:`;
    const given = mountKinds.filter((kind) => valueAt(mount, kind) !== undefined);
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      return [`${where} exactly one of userVolume, tmpfs or hostPath must be set`];
    }
    const problems: string[] = [];
    if (kind === "userVolume" && textAt(mount, kind, "name") === "") {
      problems.push(`${where} userVolume.name is required`);
    }
    const keys = kind === "hostPath" ? ["source", "destination"] : ["destination"];
    for (const key of keys) {
      const path = textAt(mount, kind, key);
      const label = `${where} ${kind}.${key}`;
      if (path === "") problems.push(`${label} is required`);
      else if (!path.startsWith("/")) {
        problems.push(`${label} ${goQuote(path)} must be an absolute path`);
      }
    }
    const options = listAt(mount, kind, "options").map(String);
    for (const option of options.filter((each) => !mountOptions.includes(each))) {
      problems.push(`${where} unsupported mount option ${goQuote(option)}`);
    }
    if (options.includes("ro") && options.includes("rw")) {
      problems.push(`${where} mount options ro and rw are mutually exclusive`);
    }
    const destination = textAt(mount, kind, "destination");
    if (destination !== "" && destinations.has(destination)) {
      problems.push(`${where} duplicate destination ${goQuote(destination)}`);
    }
    destinations.add(destination);
    return problems;
  });
}

function securityProblems(security: ConfigValue | undefined): string[] {
  const problems: string[] = [];
  const profile = textAt(security, "profile");
  if (!["", "restricted", "privileged"].includes(profile)) {
    problems.push(
      `unsupported security profile ${goQuote(profile)}, expected restricted or privileged`,
    );
  }
  const [added, dropped] = ["add", "drop"].map((list) =>
    listAt(security, "capabilities", list).map(String)
  );
  for (const capability of added ?? []) {
    if (capability === "ALL") {
      problems.push("capabilities.add does not accept ALL, use profile: privileged instead");
    } else problems.push(...capabilityProblems(capability, "capabilities.add"));
  }
  for (const capability of dropped ?? []) {
    if (capability !== "ALL") {
      problems.push(...capabilityProblems(capability, "capabilities.drop"));
    }
  }
  for (const capability of (added ?? []).filter((each) => dropped?.includes(each))) {
    problems.push(`capability ${goQuote(capability)} appears in both add and drop`);
  }
  return problems;
}

function capabilityProblems(capability: string, where: string): string[] {
  if (capability === "") return [`${where}: capability name must not be empty`];
  const label = `${where}: capability ${goQuote(capability)}`;
  if (/^CAP_/i.test(capability)) return [`${label} must be given without the CAP_ prefix`];
  if (capability !== capability.toUpperCase()) return [`${label} must be upper case`];
  if (/^[A-Z_]+$/.test(capability)) return [];
  return [`${label} may only contain upper case letters and underscores`];
}

function networkProblems(mode: string): string[] {
  if (["", "none", "host"].includes(mode)) return [];
  return [`unsupported network mode ${goQuote(mode)}, expected none or host`];
}

function limitProblems(limits: ConfigValue | undefined): string[] {
  const problems: string[] = [];
  const [memory, processor] = [textAt(limits, "memory"), textAt(limits, "cpu")];
  const ofMemory = memory === "" ? undefined : problemOf(() => comparableSize(memory));
  if (ofMemory !== undefined) {
    problems.push(`limits.memory ${goQuote(memory)} is not a valid size: ${ofMemory}`);
  }
  if (processor === "") return problems;
  const label = `limits.cpu ${goQuote(processor)}`;
  const number = processor.slice(0, -1);
  if (!processor.endsWith("m")) {
    problems.push(`${label} must be expressed in millicores, e.g. 1500m`);
  } else if (!/^[-+]?\d+$/.test(number)) {
    const reason = `strconv.ParseInt: parsing ${goQuote(number)}: invalid syntax`;
    problems.push(`${label} is not a valid millicore quantity: ${reason}`);
  } else if (Number(number) <= 0) problems.push(`${label} must be greater than zero`);
  return problems;
}

const networkConditions: readonly string[] = ["addresses", "connectivity", "hostname", "etcfiles"];

function dependencyProblems(name: string, dependsOn: ConfigValue | undefined): string[] {
  const problems: string[] = [];
  for (const path of listAt(dependsOn, "paths").map(String)) {
    if (path === "") problems.push("dependsOn.paths entry is required");
    else if (!path.startsWith("/")) {
      problems.push(`dependsOn.paths entry ${goQuote(path)} must be an absolute path`);
    }
  }
  for (const condition of listAt(dependsOn, "networks").map(String)) {
    if (networkConditions.includes(condition)) continue;
    problems.push(`unsupported dependsOn.networks condition ${goQuote(condition)}`);
  }
  for (const other of listAt(dependsOn, "containers").map(String)) {
    if (other === "") problems.push("dependsOn.containers entry must not be empty");
    else if (other === name) {
      problems.push(`container ${goQuote(name)} cannot depend on itself`);
    }
  }
  return problems;
}
