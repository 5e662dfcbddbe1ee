/** Checks of network documents that are no links: addresses, names, probes, rules (spec/machine-config.md, 12.3). */

import { isIpAddress } from "../../ip_address.ts";
import { goQuote } from "../../output/go_quote.ts";
import { checkAddress, checkPrefix } from "../addresses.ts";
import { parseUrl } from "../urls.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";
import { expressionProblem } from "./expressions.ts";
import { type DocumentChecks, type Findings, problemOf } from "./findings.ts";
import { kubespanFilterProblems, kubespanMtuProblems } from "./kubespan.ts";
import { requireName } from "./links.ts";

/** The checks by kind. */
export const networkChecks: DocumentChecks = {
  BlackholeRouteConfig: ({ name }, { errors }) => {
    if (name === "") errors.push("name must be specified");
    else {
      const problem = problemOf(() => checkPrefix(name));
      if (problem !== undefined) errors.push(`name must be a valid address prefix: ${problem}`);
    }
  },
  DHCPv4Config: checkDhcp,
  DHCPv6Config: checkDhcp,
  EthernetConfig: ({ name }, { errors }) => {
    if (name === "") errors.push("name is required");
  },
  HCloudVIPConfig: ({ value }, findings) => {
    checkVip(value, findings);
    if (textAt(value, "apiToken") === "") findings.errors.push("apiToken must be specified");
  },
  Layer2VIPConfig: ({ value }, findings) => checkVip(value, findings),
  HTTPProbeConfig: ({ value }, { errors }) => {
    if (textAt(value, "name") === "") errors.push("probe name is required");
    const text = textAt(value, "url");
    if (text === "") errors.push("HTTP probe URL is required");
    else {
      const { scheme, host } = parseUrl(text);
      if (!isWebScheme(scheme)) {
        errors.push(`HTTP probe URL scheme must be http or https, got ${goQuote(scheme)}`);
      }
      if (host === "") {
        errors.push("HTTP probe URL must be an absolute http or https URL with a non-empty host");
      }
    }
    errors.push(...probeProblems(value, "HTTP"));
  },
  TCPProbeConfig: ({ value }, { errors }) => {
    if (textAt(value, "name") === "") errors.push("probe name is required");
    if (textAt(value, "endpoint") === "") errors.push("TCP probe endpoint is required");
    errors.push(...probeProblems(value, "TCP"));
  },
  HostnameConfig: ({ value }, { errors }) => void errors.push(...hostnameProblems(value)),
  KubeSpanConfig: ({ value }, { errors }) => {
    errors.push(...kubespanMtuProblems(value), ...kubespanFilterProblems(value));
  },
  LinkAliasConfig: async ({ name, value }, { errors }) => {
    if (name === "") errors.push("name must be specified");
    if (name.includes("%") && !/^[^%]*%d$/.test(name)) {
      errors.push(`name ${goQuote(name)} contains an invalid format verb, use %d suffix`);
    }
    const match = textAt(value, "selector", "match");
    const problem = match === "" ? undefined : await expressionProblem(match, "link");
    if (match === "") errors.push("link selector is required");
    else if (problem !== undefined) errors.push(`link selector is invalid: ${problem}`);
  },
  ResolverConfig: ({ value }, findings) => checkResolver(value, findings),
  RoutingRuleConfig: ({ value }, { errors }) => void errors.push(...routingRuleProblems(value)),
  StaticHostConfig: ({ name, value }, { errors }) => {
    if (name === "") errors.push("name is required");
    else if (!isIpAddress(name)) errors.push("name must be a valid IP address");
    if (listAt(value, "hostnames").length === 0) errors.push("at least one hostname is required");
  },
  TimeSyncConfig: ({ value }, { errors }) => {
    if (textAt(value, "bootTimeout").startsWith("-")) errors.push("bootTimeout cannot be negative");
    if (valueAt(value, "ntp") !== undefined && valueAt(value, "ptp") !== undefined) {
      errors.push("only one of ntp or ptp configuration can be specified");
    }
    if (valueAt(value, "ntp", "useNTS") !== true) return;
    for (const server of listAt(value, "ntp", "servers").map(String).filter(isIpAddress)) {
      errors.push(`NTS requires hostnames, not IP addresses: ${goQuote(server)}`);
    }
  },
};

function isWebScheme(scheme: string): boolean {
  return scheme === "http" || scheme === "https";
}

function checkDhcp({ value }: { value: ConfigValue }, findings: Findings): void {
  requireName(value, findings);
  const isDuid = textAt(value, "clientIdentifier") === "duid";
  const hasRaw = textAt(value, "duidRaw") !== "";
  if (hasRaw && !isDuid) {
    findings.errors.push("duidRaw can only be set if clientIdentifier is 'duid'");
  }
  if (isDuid && !hasRaw) {
    findings.errors.push("duidRaw must be set if clientIdentifier is 'duid'");
  }
}

function checkVip(value: ConfigValue, { errors }: Findings): void {
  const name = textAt(value, "name");
  const problem = problemOf(() => checkAddress(name));
  if (name === "") errors.push("name must be specified");
  else if (problem !== undefined) errors.push(`name must be a valid IP address: ${problem}`);
  if (textAt(value, "link") === "") errors.push("link must be specified");
}

function probeProblems(value: ConfigValue, kind: string): string[] {
  const problems: string[] = [];
  const [timeout, interval] = [textAt(value, "timeout"), textAt(value, "interval")];
  if (timeout.startsWith("-")) {
    problems.push(`${kind} probe timeout cannot be negative: ${timeout}`);
  }
  if (interval.startsWith("-")) problems.push(`probe interval cannot be negative: ${interval}`);
  const threshold = numberAt(value, "failureThreshold");
  if (threshold < 0) problems.push(`probe failure threshold cannot be negative: ${threshold}`);
  return problems;
}

function hostnameProblems(value: ConfigValue): string[] {
  const [auto, hostname] = [textAt(value, "auto"), textAt(value, "hostname")];
  if (auto === "" && hostname === "") return ["either 'auto' or 'hostname' must be set"];
  const problems: string[] = [];
  if (auto !== "" && auto !== "off" && hostname !== "") {
    problems.push("'auto' and 'hostname' cannot be set at the same time");
  }
  if (auto === "talos-addr") problems.push(`invalid value for 'auto': ${auto}`);
  if (hostname.length > 253) problems.push(`fqdn is too long: ${hostname.length}`);
  const label = hostname.split(".")[0] ?? "";
  if (hostname !== "" && (label === "" || label.length > 63)) {
    problems.push(`invalid hostname ${goQuote(label)}`);
  }
  return problems;
}

function checkResolver(value: ConfigValue, { errors, warnings }: Findings): void {
  for (const key of ["forwardKubeDNSToHost", "resolveMemberNames"]) {
    if (valueAt(value, "hostDNS", key) !== true) continue;
    if (valueAt(value, "hostDNS", "enabled") !== false) continue;
    errors.push(`hostDNS.${key} cannot be enabled when hostDNS.enabled is false`);
  }
  const servers = listAt(value, "nameservers");
  for (const [index, server] of servers.entries()) {
    const protocol = textAt(server, "protocol") || "Do53";
    const hasName = textAt(server, "tlsServerName") !== "";
    if (protocol !== "Do53" && !hasName) {
      errors.push(`tlsServerName must be set when protocol is ${protocol}: entry ${index}`);
    }
    if (protocol === "Do53" && hasName) {
      errors.push(`tlsServerName must be empty when protocol is Do53: entry ${index}`);
    }
    if (textAt(server, "address") === "") {
      errors.push(`nameserver address must be a valid IP: entry ${index}`);
    }
  }
  const isEncrypted = (server: ConfigValue) => /^(DoT|DoH)$/.test(textAt(server, "protocol"));
  if (servers.length === 0 || !servers.every(isEncrypted)) return;
  warnings.push(
    "all configured nameservers use encrypted DNS (DoT or DoH): validating certificates requires " +
      "a correct system clock, so boot may stall when NTP servers are configured by hostname; " +
      "consider keeping at least one plain-DNS fallback or configuring NTP servers by IP address",
  );
}

const reservedPriorities: readonly number[] = [0, 32500, 32766, 32767];

function routingRuleProblems(value: ConfigValue): string[] {
  const name = textAt(value, "name");
  const problems: string[] = [];
  if (name === "") problems.push("name must be specified");
  else if (!/^\d+$/.test(name)) {
    problems.push(
      "invalid name: must be priority parsable unsigned integer: " +
        `strconv.ParseUint: parsing ${goQuote(name)}: invalid syntax`,
    );
  } else if (reservedPriorities.includes(Number(name)) || Number(name) > 32765) {
    problems.push(
      "priority must be between 1 and 32765 " +
        `(excluding reserved priorities [${reservedPriorities.join(" ")}])`,
    );
  }
  const hasTable = !["", "unspec"].includes(textAt(value, "table"));
  const hasAction = !["", "unspec", "unicast"].includes(textAt(value, "action"));
  if (!hasTable && !hasAction) {
    problems.push("either table or a non-unicast action must be specified");
  }
  if (numberAt(value, "fwMask") !== 0 && numberAt(value, "fwMark") === 0) {
    problems.push("fwMask requires fwMark to be set");
  }
  return problems;
}
