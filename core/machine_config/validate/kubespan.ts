/** Checks of KubeSpan's settings, which two documents have. */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, listAt, numberAt, valueAt } from "../value.ts";
import { isSubnetOrAddress } from "./endpoint.ts";

/** The smallest packet size that its links take. */
const leastMtu = 1280;

/** What is wrong with the packet size, where one is given. */
export function kubespanMtuProblems(kubespan: ConfigValue | undefined): string[] {
  const isTooSmall = valueAt(kubespan, "mtu") !== undefined && numberAt(kubespan, "mtu") < leastMtu;
  return isTooSmall ? [`kubespan link MTU must be at least ${leastMtu}`] : [];
}

/** What is wrong with the filters: subnets, or with a `!` what is left out. */
export function kubespanFilterProblems(kubespan: ConfigValue | undefined): string[] {
  const isBad = (subnet: string) => !isSubnetOrAddress(subnet, { isNegatable: true });
  const bad = (key: string) => listAt(kubespan, "filters", key).map(String).filter(isBad);
  return [
    ...bad("endpoints").map((subnet) =>
      `KubeSpan endpoint filter is not valid: ${goQuote(subnet)}`
    ),
    ...bad("excludeAdvertisedNetworks").map((subnet) =>
      `KubeSpan exclude advertised networks filter is not valid: ${goQuote(subnet)}`
    ),
  ];
}
