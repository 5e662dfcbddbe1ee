/** Checks of the firewall's rules and of BGP (spec/machine-config.md, 12.3). */

import { isIpAddress } from "../../ip_address.ts";
import { goQuote } from "../../output/go_quote.ts";
import { prefixesOverlap, prefixParts } from "../addresses.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";
import { type DocumentChecks, type Findings, firstOnly } from "./findings.ts";

/** The checks by kind. */
export const ruleChecks: DocumentChecks = {
  NetworkRuleConfig: firstOnly(({ name, value }, { errors }) => {
    if (name === "") errors.push("name is required");
    const ports = listAt(value, "portSelector", "ports").map(String);
    if (ports.length === 0) errors.push("portSelector.ports is required");
    errors.push(...portProblems(ports));
    for (const rule of listAt(value, "ingress")) {
      if (textAt(rule, "subnet") === "") errors.push("invalid subnet: invalid Prefix");
    }
  }),
  BGPInstanceConfig: ({ value }, findings) => {
    const { errors, warnings } = findings;
    if (textAt(value, "name") === "") errors.push("name must be specified");
    if (numberAt(value, "localASN") === 0) errors.push("localASN must be specified");
    const router = textAt(value, "routerID");
    if (router !== "" && (router.includes(":") || !isIpAddress(router))) {
      errors.push("routerID must be an IPv4 address");
    }
    const neighbors = listAt(value, "neighbors");
    if (neighbors.length === 0) warnings.push("BGPInstanceConfig has no neighbors configured");
    checkNeighbors(neighbors, textAt(value, "vrf") !== "", findings);
    checkImports(listAt(value, "importRoutes"), textAt(value, "name"), findings);
  },
};

function portProblems(texts: readonly string[]): string[] {
  const ranges = texts.map((text) => {
    const [low = 0, high = low] = text.split("-").map(Number);
    return { low, high, text: `${low}-${high}` };
  }).toSorted((left, right) => left.low - right.low);
  return ranges.flatMap(({ low, high, text }, index) => {
    if (low > high) return `invalid port range: ${text}`;
    const before = ranges[index - 1];
    if (before === undefined || before.high < low) return [];
    return `invalid port range: ${text}, overlaps with ${before.text}`;
  });
}

function checkNeighbors(
  neighbors: readonly ConfigValue[],
  isInVrf: boolean,
  { errors }: Findings,
): void {
  const seen = new Set<string>();
  for (const [index, neighbor] of neighbors.entries()) {
    const fail = (text: string) => errors.push(`neighbor[${index}]: ${text}`);
    const [address, link] = [textAt(neighbor, "address"), textAt(neighbor, "link")];
    if ((address === "") === (link === "")) fail("exactly one of address or link must be set");
    if (textAt(neighbor, "holdTime").startsWith("-")) fail("holdTime must not be negative");
    if (isInVrf && valueAt(neighbor, "bfd") !== undefined) {
      fail("bfd is not supported for VRF-bound BGP instances");
    }
    for (const key of ["transmitInterval", "receiveInterval"]) {
      if (textAt(neighbor, "bfd", key).startsWith("-")) fail(`bfd.${key} must not be negative`);
    }
    const id = address || link;
    if (id !== "" && seen.has(id)) fail(`duplicate neighbor ${goQuote(id)}`);
    seen.add(id);
  }
}

function checkImports(
  imports: readonly ConfigValue[],
  instance: string,
  { errors }: Findings,
): void {
  const sources = new Set<string>();
  const earlier: { prefix: string; index: number }[] = [];
  for (const [index, entry] of imports.entries()) {
    const fail = (text: string) => errors.push(`importRoutes[${index}]${text}`);
    const source = textAt(entry, "bgpInstance");
    if (source === "") fail(": bgpInstance must be specified");
    else if (source === instance) {
      fail(`: cannot import from the same BGP instance ${goQuote(source)}`);
    }
    const prefixes = listAt(entry, "prefixes").map((prefix) => String(prefix ?? ""));
    if (prefixes.length === 0) fail(": at least one prefix must be specified");
    for (const [at, prefix] of prefixes.entries()) {
      if (prefix === "") fail(`.prefixes[${at}]: invalid prefix`);
      else checkPrefixes(prefixes, at, fail);
    }
    if (source !== "" && sources.has(source)) {
      fail(`: duplicate source BGP instance ${goQuote(source)}`);
    }
    sources.add(source);
    for (const prefix of prefixes.filter((each) => each !== "")) {
      const other = earlier.find((each) =>
        each.index !== index &&
        prefixesOverlap(each.prefix, prefix)
      );
      if (other !== undefined) {
        fail(`: prefix ${prefix} overlaps importRoutes[${other.index}] prefix ${other.prefix}`);
      }
      earlier.push({ prefix, index });
    }
  }
}

function checkPrefixes(
  prefixes: readonly string[],
  at: number,
  fail: (text: string) => void,
): void {
  const prefix = prefixes[at] ?? "";
  const { bits, length, width } = prefixParts(prefix);
  const hostBits = BigInt(width - length);
  if (bits >> hostBits << hostBits !== bits) {
    fail(`.prefixes[${at}]: prefix ${prefix} must be masked`);
  }
  for (const [index, other] of prefixes.slice(0, at).entries()) {
    if (other === "" || !prefixesOverlap(other, prefix)) continue;
    fail(`.prefixes[${at}]: prefix ${prefix} overlaps prefixes[${index}] ${other}`);
  }
}
