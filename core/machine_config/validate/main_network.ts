/** Checks of the main document's interfaces, routes and VLANs (spec/machine-config.md, 12.2). */

import { decodeBase64 } from "../../base64.ts";
import { isIpAddress } from "../../ip_address.ts";
import { goQuote } from "../../output/go_quote.ts";
import { isPrefix } from "../addresses.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";
import { bondProblems } from "./main_bond.ts";
import { type Findings, problemOf } from "./findings.ts";

const section = "[networking.os.device";

/** Checks all interfaces, together and one by one. */
export function checkInterfaces(main: ConfigValue, { errors, warnings }: Findings): void {
  const devices = listAt(main, "machine", "network", "interfaces");
  const owners = new Map<string, string>();
  for (const device of devices) errors.push(...crossProblems(device, owners));
  for (const device of devices) {
    if (device === null) errors.push("empty device");
    else if (valueAt(device, "ignore") !== true) {
      errors.push(...deviceProblems(device, owners));
      if (textAt(device, "cidr") === "") continue;
      warnings.push(
        `${goQuote(textAt(device, "interface"))}: machine.network.interface.cidr is deprecated, ` +
          "please use machine.network.interface.addresses",
      );
    }
  }
}

/** What sets two interfaces at odds; notes which bond or bridge has which member. */
function crossProblems(device: ConfigValue, owners: Map<string, string>): string[] {
  const name = textAt(device, "interface");
  const problems: string[] = [];
  const exclusive = "config sections are mutually exclusive";
  if (valueAt(device, "bond") !== undefined && valueAt(device, "bridge") !== undefined) {
    problems.push(
      `interface has both bridge and bond sections set ${goQuote(name)}: ${exclusive}`,
    );
  }
  const members = [
    ...listAt(device, "bond", "interfaces"),
    ...listAt(device, "bridge", "interfaces"),
  ];
  if (members.length > 0 && listAt(device, "bond", "deviceSelectors").length > 0) {
    problems.push(`interface ${goQuote(name)} has both interfaces and selectors set: ${exclusive}`);
  }
  for (const member of members.map(String)) {
    const owner = owners.get(member);
    if (owner !== undefined && owner !== name) {
      problems.push(
        `interface ${goQuote(member)} is declared as part of two separate links: ` +
          `${goQuote(owner)} and ${goQuote(name)}`,
      );
    }
    owners.set(member, name);
  }
  return problems;
}

function deviceProblems(device: ConfigValue, owners: ReadonlyMap<string, string>): string[] {
  const name = textAt(device, "interface");
  const bond = valueAt(device, "bond");
  return [
    ...selectionProblems(device),
    ...bond === undefined ? [] : bondProblems(bond),
    ...wireguardProblems(valueAt(device, "wireguard")),
    ...listAt(device, "vlans").flatMap((vlan) => vlanProblems(name, vlan)),
    ...addressingProblems(device, owners.has(name)),
    ...listAt(device, "routes").flatMap(routeProblems),
  ];
}

function selectionProblems(device: ConfigValue): string[] {
  const hasName = textAt(device, "interface") !== "";
  const selector = valueAt(device, "deviceSelector");
  const where = `${section}.interface], ${section}.deviceSelector]`;
  if (!hasName && selector === undefined) {
    return [`${where}: required either config section to be set`];
  }
  if (hasName && selector !== undefined) {
    return [`${where}: config sections are mutually exclusive`];
  }
  const isEmpty = selector instanceof Map &&
    [...selector.values()].every((value) => value === "" || value === null);
  if (!isEmpty) return [];
  return [`${section}.deviceSelector]: config section should contain at least one field`];
}

function wireguardProblems(wireguard: ConfigValue | undefined): string[] {
  if (wireguard === undefined) return [];
  const problems: string[] = [];
  const ofKey = wireguardKeyProblem(textAt(wireguard, "privateKey"));
  if (ofKey !== undefined) problems.push(`private key is invalid: ${ofKey}`);
  for (const peer of listAt(wireguard, "peers")) {
    const ofPeer = wireguardKeyProblem(textAt(peer, "publicKey"));
    if (ofPeer !== undefined) problems.push(`public key invalid: ${ofPeer}`);
    const endpoint = textAt(peer, "endpoint");
    if (endpoint !== "" && !/^.+:\d+$/.test(endpoint)) {
      problems.push(`peer endpoint ${goQuote(endpoint)} is invalid`);
    }
    for (const subnet of listAt(peer, "allowedIPs").map(String)) {
      if (isPrefix(subnet)) continue;
      const reason = `invalid CIDR address: ${subnet}`;
      problems.push(`peer allowed IP ${goQuote(subnet)} is invalid: ${reason}`);
    }
  }
  return problems;
}

function wireguardKeyProblem(key: string): string | undefined {
  let length = 0;
  const problem = problemOf(() => length = decodeBase64(key).length);
  if (problem !== undefined || length === 32) return problem;
  return `wrong key ${goQuote(key)} length: ${length}`;
}

function vlanProblems(device: string, vlan: ConfigValue): string[] {
  const name = `${device}.${numberAt(vlan, "vlanId")}`;
  const cidr = textAt(vlan, "cidr");
  const addresses = listAt(vlan, "addresses").map(String);
  const problems: string[] = [];
  if (cidr !== "" && addresses.length > 0) {
    problems.push(`${section}.vlan] ${name}: vlan can't have both .cidr and .addresses set`);
  }
  const ofCidr = cidr === "" ? undefined : addressProblem(cidr);
  if (ofCidr !== undefined) problems.push(`${section}.vlan.CIDR] ${name}: ${ofCidr}`);
  for (const address of addresses) {
    const problem = addressProblem(address);
    if (problem !== undefined) problems.push(`${section}.vlan.addresses] ${name}: ${problem}`);
  }
  return problems;
}

function addressingProblems(device: ConfigValue, isMember: boolean): string[] {
  const name = goQuote(textAt(device, "interface"));
  const cidr = textAt(device, "cidr");
  const addresses = listAt(device, "addresses").map(String);
  const vip = valueAt(device, "vip");
  const problems: string[] = [];
  const hasAny = cidr !== "" || addresses.length > 0 || valueAt(device, "dhcp") === true ||
    vip !== undefined;
  if (isMember && hasAny) {
    problems.push(
      `${section}] ${name}: bonded/bridged interface shouldn't have any addressing methods configured`,
    );
  }
  if (cidr !== "" && addresses.length > 0) {
    problems.push(`${section}] ${name}: interface can't have both .cidr and .addresses set`);
  }
  const ofCidr = cidr === "" ? undefined : addressProblem(cidr);
  if (ofCidr !== undefined) problems.push(`${section}.CIDR] ${name}: ${ofCidr}`);
  for (const address of addresses) {
    const problem = addressProblem(address);
    if (problem !== undefined) problems.push(`${section}.addresses] ${name}: ${problem}`);
  }
  const ip = textAt(vip, "ip");
  if (vip !== undefined && !isIpAddress(ip)) {
    problems.push(`${section}.vip] failed to parse ${goQuote(ip)} as IP address`);
  }
  return problems;
}

function addressProblem(text: string): string | undefined {
  if (text.includes("/")) return isPrefix(text) ? undefined : `invalid CIDR address: ${text}`;
  return isIpAddress(text) ? undefined : `failed to parse IP address ${goQuote(text)}`;
}

function routeProblems(route: ConfigValue, index: number): string[] {
  const where = `${section}.route[${index}]`;
  const [network, gateway] = [textAt(route, "network"), textAt(route, "gateway")];
  const problems: string[] = [];
  const check = (key: string, text: string, isGood: (text: string) => boolean) => {
    if (text === "" || isGood(text)) return;
    problems.push(`${where}.${key}] ${goQuote(text)}: invalid network address`);
  };
  check("network", network, isPrefix);
  check("gateway", gateway, isIpAddress);
  check("source", textAt(route, "source"), isIpAddress);
  if (network === "" && gateway === "") {
    problems.push(`${where}]: either network or gateway should be set`);
  }
  return problems;
}
