/** Checks of documents that make or set up interfaces (spec/machine-config.md, 12.3). */

import { decodeBase64 } from "../../base64.ts";
import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";
import { type DocumentChecks, type Findings, problemOf } from "./findings.ts";

/** Adds the error of a name that is empty. */
export function requireName(value: ConfigValue, { errors }: Findings): void {
  if (textAt(value, "name") === "") errors.push("name must be specified");
}

/** What all links have: addresses and routes. */
function checkCommon(value: ConfigValue | undefined, { errors }: Findings): void {
  listAt(value, "addresses").forEach((address, index) => {
    if (textAt(address, "address") === "") errors.push(`address ${index} must be specified`);
  });
  listAt(value, "routes").forEach((route, index) => {
    for (const key of ["gateway", "source"]) {
      const text = textAt(route, key);
      if (text !== "0.0.0.0" && text !== "::") continue;
      errors.push(`route ${index} ${key} must be a valid IP address`);
    }
  });
}

/** The checks of links by their kind. */
export const linkChecks: DocumentChecks = {
  BondConfig: ({ value }, findings) => {
    requireName(value, findings);
    checkBond(value, findings);
    checkCommon(value, findings);
  },
  BridgeConfig: checkPlainLink,
  DummyLinkConfig: checkPlainLink,
  LinkConfig: checkPlainLink,
  VethConfig: ({ value }, findings) => {
    const [name, peer] = [textAt(value, "name"), textAt(value, "peer", "name")];
    findings.errors.push(...vethNameProblems("name", name));
    findings.errors.push(...vethNameProblems("peer name", peer));
    if (name !== "" && name === peer) {
      findings.errors.push("name and peer name must be different");
    }
    checkCommon(value, findings);
    checkCommon(valueAt(value, "peer"), findings);
  },
  VLANConfig: ({ value }, findings) => {
    requireName(value, findings);
    const id = numberAt(value, "vlanID");
    if (id < 1 || id > 4094) {
      findings.errors.push("vlanID must be specified and between 1 and 4094");
    }
    if (textAt(value, "parent") === "") findings.errors.push("parent must be specified");
    checkCommon(value, findings);
  },
  VRFConfig: ({ value }, findings) => {
    requireName(value, findings);
    const table = textAt(value, "table") || "unspec";
    if (["unspec", "local", "main", "default"].includes(table)) {
      findings.errors.push(`cannot create vrf with reserved table ${table}`);
    }
    checkCommon(value, findings);
  },
  WireguardConfig: ({ value }, findings) => {
    requireName(value, findings);
    findings.errors.push(...wireguardProblems(value));
    checkCommon(value, findings);
  },
};

function checkPlainLink({ value }: { value: ConfigValue }, findings: Findings): void {
  requireName(value, findings);
  checkCommon(value, findings);
}

const modesWithPrimary: readonly string[] = ["active-backup", "balance-alb", "balance-tlb"];

function checkBond(value: ConfigValue, { errors, warnings }: Findings): void {
  const links = listAt(value, "links");
  const mode = textAt(value, "bondMode");
  if (links.length === 0) errors.push("at least one link must be specified");
  if (mode === "") errors.push("bond mode must be specified");
  if (mode === "802.3ad") {
    for (const key of ["miimon", "updelay", "downdelay"]) {
      if (valueAt(value, key) !== undefined) continue;
      warnings.push(`${key} was not specified for 802.3ad bond`);
    }
  }
  const primary = valueAt(value, "primary");
  if (typeof primary === "string") {
    if (primary === "") errors.push("primary link name can't be empty");
    else if (!links.includes(primary)) {
      errors.push(`primary link ${goQuote(primary)} is not in the list of bonded links`);
    }
    if (mode !== "" && !modesWithPrimary.includes(mode)) {
      errors.push(`primary link is not supported in ${goQuote(mode)} bond mode`);
    }
  } else if (valueAt(value, "primaryReselect") !== undefined) {
    warnings.push("primaryReselect has no effect unless primary is specified");
  }
}

function vethNameProblems(field: string, name: string): string[] {
  if (name === "") return [`${field} must be specified`];
  const problems: string[] = [];
  if (new TextEncoder().encode(name).length > 15) {
    problems.push(`${field} must not exceed 15 bytes`);
  }
  if (name === "." || name === "..") problems.push(`${field} must not be "${name}"`);
  if (/[/:]/.test(name)) problems.push(`${field} must not contain '/' or ':'`);
  if (/[\s\p{C}]/u.test(name)) {
    problems.push(`${field} must not contain whitespace or non-printable characters`);
  }
  return problems;
}

function wireguardProblems(value: ConfigValue): string[] {
  const problems: string[] = [];
  const key = textAt(value, "privateKey");
  const ofKey = key === "" ? undefined : keyProblem(key);
  if (key === "") problems.push("wireguard private key must be specified");
  else if (ofKey !== undefined) problems.push(`wireguard private key is invalid: ${ofKey}`);
  const port = numberAt(value, "listenPort");
  if (port < 0 || port > 65535) {
    problems.push("wireguard listen port must be between 0 and 65535");
  }
  for (const [index, peer] of listAt(value, "peers").entries()) {
    const where = `(peer index ${index})`;
    const [publicKey, shared] = [textAt(peer, "publicKey"), textAt(peer, "presharedKey")];
    const ofPublic = publicKey === "" ? undefined : keyProblem(publicKey);
    if (publicKey === "") problems.push(`wireguard peer public key must be specified ${where}`);
    else if (ofPublic !== undefined) {
      problems.push(`wireguard peer public key is invalid ${where}: ${ofPublic}`);
    }
    const ofShared = shared === "" ? undefined : keyProblem(shared);
    if (ofShared !== undefined) {
      problems.push(`wireguard peer preshared key is invalid ${where}: ${ofShared}`);
    }
    if (textAt(peer, "persistentKeepaliveInterval").startsWith("-")) {
      problems.push(`wireguard peer persistent keepalive interval cannot be negative ${where}`);
    }
  }
  return problems;
}

function keyProblem(key: string): string | undefined {
  let length = 0;
  const problem = problemOf(() => length = decodeBase64(key).length);
  return problem ?? (length === 32 ? undefined : "invalid wireguard key length");
}
