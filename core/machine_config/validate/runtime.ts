/** Checks of documents about the system itself: files, kernel, logs, services (spec/machine-config.md, 12.3). */

import { decodeBase64 } from "../../base64.ts";
import { parseDuration } from "../../flags/duration.ts";
import { goQuote } from "../../output/go_quote.ts";
import { parseUrl } from "../urls.ts";
import { entriesAt, listAt, textAt, valueAt } from "../value.ts";
import { expressionProblem } from "./expressions.ts";
import { type DocumentChecks, firstOnly, problemOf } from "./findings.ts";

/** The checks by kind. */
export const runtimeChecks: DocumentChecks = {
  KernelModuleConfig: ({ name }, { errors }) => {
    if (name === "") errors.push("name is required");
  },
  EnvironmentConfig: ({ value }, { errors }) => {
    const bad = entriesAt(value, "variables").map(([name]) => name)
      .filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
    errors.push(...bad.map((name) => `invalid environment variable name: ${goQuote(name)}`));
  },
  EtcFileConfig: firstOnly(({ name }, { errors }) => {
    if (name === "") errors.push("user etc file name cannot be empty");
    else if (!isLocalPath(name)) {
      errors.push(`user etc file ${goQuote(name)} must be a local path`);
    }
    const [top = ""] = name.split("/");
    if (managedFiles.includes(name) || managedFolders.includes(top)) {
      errors.push(`user etc file ${goQuote(name)} is managed by Talos`);
    }
  }),
  EventSinkConfig: ({ value }, { errors }) => {
    const endpoint = textAt(value, "endpoint");
    if (/:[^:\]]*$/.test(endpoint)) return;
    errors.push(`event sink endpoint: address ${endpoint}: missing port in address`);
  },
  ExtensionServiceConfig: firstOnly(({ name, value }, { errors }) => {
    const files = listAt(value, "configFiles");
    const label = goQuote(name);
    if (name === "") errors.push("name is required");
    if (files.length === 0 && listAt(value, "environment").length === 0) {
      errors.push(`no config files found for extension ${label}`);
    }
    for (const file of files) {
      if (textAt(file, "content") === "") {
        errors.push(`extension content is required for extension ${label}`);
      }
      if (textAt(file, "mountPath") === "") {
        errors.push(`extension mount path is required for extension ${label}`);
      }
    }
  }),
  KmsgLogConfig: firstOnly(({ name, value }, { errors }) => {
    const text = textAt(value, "url");
    const { scheme, path, port } = parseUrl(text);
    if (name === "") errors.push("name is required");
    if (text === "") errors.push("url is required");
    if (!["tcp", "udp"].includes(scheme)) errors.push("url scheme must be tcp:// or udp://");
    if (path !== "" && path !== "/") errors.push("url path must be empty");
    if (port === "") errors.push("url port is required");
  }),
  OOMConfig: async ({ value }, { errors }) => {
    const trigger = textAt(value, "triggerExpression");
    const ranking = textAt(value, "cgroupRankingExpression");
    const ofTrigger = trigger && await expressionProblem(trigger, "oom trigger");
    const ofRanking = ranking && await expressionProblem(ranking, "oom ranking");
    if (ofTrigger) errors.push(`OOM trigger expression is invalid: ${ofTrigger}`);
    if (ofRanking) errors.push(`OOM cgroup scoring expression is invalid: ${ofRanking}`);
    if (textAt(value, "sampleInterval").startsWith("-")) {
      errors.push("OOM sample interval must be longer than 0");
    }
  },
  SysctlConfig: ({ value }, { errors }) => {
    if (valueAt(value, "params", "") !== undefined) errors.push("sysctl key cannot be empty");
  },
  SysfsConfig: ({ value }, { errors }) => {
    if (valueAt(value, "params", "") !== undefined) errors.push("sysfs key cannot be empty");
  },
  UnattendedInstallConfig: async ({ value }, { errors, warnings }) => {
    if (textAt(value, "installer", "image") === "") {
      warnings.push(
        "installer.image is not set, if Talos is not booted from asset built by Image Factory, " +
          "installation will fail",
      );
    }
    const match = textAt(value, "provisioning", "diskSelector", "match");
    const where = "provisioning.volumeSelector.match"; // the official text names another key
    const problem = match === "" ? undefined : await expressionProblem(match, "disk");
    if (match === "") errors.push(`${where} is required`);
    else if (problem !== undefined) errors.push(`${where}: ${problem}`);
  },
  WatchdogTimerConfig: firstOnly(({ value }, { errors }) => {
    if (textAt(value, "device") === "") errors.push("watchdog device: empty value");
    const timeoutMs = parseDuration(textAt(value, "timeout") || "0");
    if (timeoutMs !== 0 && timeoutMs < leastWatchdogMs) {
      errors.push("watchdog timeout: minimum value is 10s");
    }
  }),
  DiscoveryIdentityConfig: firstOnly(({ value }, { errors }) => {
    if (textAt(value, "clusterID") === "") errors.push("clusterID is required");
    const secret = textAt(value, "clusterSecret");
    if (secret === "") errors.push("clusterSecret is required");
    let length = 0;
    const problem = problemOf(() => length = decodeBase64(secret).length);
    const invalid = "invalid clusterSecret:";
    if (problem !== undefined) {
      errors.push(`${invalid} failed to decode from base64: ${secret}; ${problem}`);
    } else if (length !== 32) errors.push(`${invalid} expected 32 bytes, got ${length}: ${secret}`);
  }),
  DiscoveryServiceConfig: firstOnly(({ name, value }, { errors }) => {
    const text = textAt(value, "endpoint");
    const { scheme, host } = parseUrl(text);
    if (name === "") errors.push("name is required");
    if (text === "") errors.push("endpoint is required");
    if (scheme === "") errors.push("endpoint scheme is required");
    if (!["http", "https", "grpc"].includes(scheme)) {
      errors.push("endpoint scheme must be http://, https:// or grpc://");
    }
    if (host === "") errors.push("endpoint host is required");
  }),
  SideroLinkConfig: firstOnly(({ value }, { errors }) => {
    const text = textAt(value, "apiUrl");
    const { scheme, path } = parseUrl(text);
    if (text === "") errors.push("apiUrl is required");
    if (!["https", "grpc"].includes(scheme)) {
      errors.push("apiUrl scheme must be https:// or grpc://");
    }
    if (path !== "" && path !== "/") errors.push("apiUrl path must be empty");
  }),
};

const leastWatchdogMs = 10_000;

const managedFiles: readonly string[] = [
  "resolv.conf",
  "hosts",
  "machine-id",
  "extensions.yaml",
  "localtime",
  "os-release",
  "xattr.conf",
];

const managedFolders: readonly string[] = [
  "apparmor.d",
  "apparmor",
  "ca-certificates",
  "cni",
  "cri",
  "iscsi",
  "kubernetes",
  "lvm",
  "nvme",
  "pki",
  "selinux",
  "ssl",
];

/** A path that stays below the folder it is taken from. */
function isLocalPath(path: string): boolean {
  if (path.startsWith("/")) return false;
  let depth = 0;
  for (const part of path.split("/")) {
    if (part === "..") depth--;
    else if (part !== "." && part !== "") depth++;
    if (depth < 0) return false;
  }
  return true;
}
