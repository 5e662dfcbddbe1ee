/** Checks of a bond in the main document (spec/machine-config.md, 12.2). */

import { enumValues } from "../schema.ts";
import { type ConfigValue, listAt, numberAt, textAt } from "../value.ts";

/** Keys of which the value must be one of an enumeration, and what errors call it. */
const enumerations = [
  ["mode", "BondMode", "bond type"],
  ["xmitHashPolicy", "BondXmitHashPolicy", "xmit hash policy"],
  ["lacpRate", "LACPRate", "lacp rate"],
  ["arpValidate", "ARPValidate", "arp_validate mode"],
  ["arpAllTargets", "ARPAllTargets", "arp_all_targets mode"],
  ["primaryReselect", "PrimaryReselect", "primary_reselect mode"],
  ["failOverMac", "FailOverMAC", "fail_over_mac value"],
  ["adSelect", "ADSelect", "ad_select mode"],
] as const;

/** All that is wrong with a bond. */
export function bondProblems(bond: ConfigValue): string[] {
  const problems: string[] = [];
  for (const [key, type, name] of enumerations) {
    const value = textAt(bond, key);
    if (value !== "" && enumValues(type)?.includes(value) !== true) {
      problems.push(`invalid ${name} ${value}`);
    }
  }
  problems.push(...delayProblems(bond));

  const given = textAt(bond, "mode");
  const mode = enumValues("BondMode")?.includes(given) === true ? given : "balance-rr";
  const isAdaptive = mode === "balance-alb" || mode === "balance-tlb";
  const isAggregated = mode === "802.3ad";
  const refuse = (isRefused: boolean, text: string) => {
    if (isRefused) problems.push(`bond.${text}`);
  };
  const unavailable = `is not available in ${mode} mode`;
  refuse(listAt(bond, "arpIPTarget").length > 0, "arpIPTarget is not supported");
  refuse(
    !isAggregated && !["", "slow"].includes(textAt(bond, "lacpRate")),
    "lacpRate is only available in 802.3ad mode",
  );
  refuse(textAt(bond, "adActorSystem") !== "", "adActorSystem is not supported");
  refuse(
    (isAggregated || isAdaptive) && !["", "none"].includes(textAt(bond, "arpValidate")),
    `arpValidate ${unavailable}`,
  );
  refuse(
    mode !== "active-backup" && !isAdaptive && textAt(bond, "primary") !== "",
    `primary ${unavailable}`,
  );
  refuse(
    (isAggregated || isAdaptive) && numberAt(bond, "arpInterval") > 0,
    `arpInterval ${unavailable}`,
  );
  refuse(
    mode !== "balance-rr" && numberAt(bond, "packetsPerSlave") > 1,
    `packetsPerSlave ${unavailable}`,
  );
  refuse(!isAdaptive && numberAt(bond, "tlbDynamicLb") > 0, `tlbDynamicTLB ${unavailable}`);
  for (const key of ["adActorSysPrio", "adUserPortKey"]) {
    refuse(!isAggregated && numberAt(bond, key) > 0, `${key} is only available in 802.3ad mode`);
  }
  return problems;
}

function delayProblems(bond: ConfigValue): string[] {
  const interval = numberAt(bond, "miimon");
  const delays = [
    ["upDelay", numberAt(bond, "updelay")],
    ["downDelay", numberAt(bond, "downdelay")],
  ] as const;
  return delays.filter(([, delay]) => delay > 0).flatMap(([name, delay]) => {
    if (interval === 0) return `bond.${name} can't be set if miiMon is zero`;
    return delay % interval === 0 ? [] : `bond.${name} should be a multiple of miiMon`;
  });
}
