/** Checks of the subnets of pods and services (spec/machine-config.md, 12.3, KubeNetworkConfig). */

import { isPrefix, prefixParts } from "../addresses.ts";

/** The sizes of the parts that nodes get of a pod subnet; absent for services. */
interface NodeMasks {
  ipv4: number;
  ipv6: number;
}

const leastHostBits = 4;
const mostServiceBits = 20;
const mostNodeBits = 16;

/** The first thing that is wrong with subnets. */
export function subnetProblem(subnets: readonly string[], masks?: NodeMasks): string | undefined {
  if (subnets.length === 0) return "at least one subnet must be specified";
  if (subnets.length > 2) return "at most two subnets can be specified for dual-stack clusters";
  for (const subnet of subnets) {
    const problem = isPrefix(subnet) ? sizeProblem(subnet, masks) : `${subnet} is not a valid CIDR`;
    if (problem !== undefined) return `invalid subnet: ${problem}`;
  }
  const families = new Set(subnets.map((subnet) => subnet.includes(":")));
  if (families.size === subnets.length) return undefined;
  return "at most one IPv4 and one IPv6 subnet can be specified for dual-stack clusters";
}

function sizeProblem(subnet: string, masks: NodeMasks | undefined): string | undefined {
  const { length, width } = prefixParts(subnet);
  if (width - length < leastHostBits) {
    return `/${length} is too small, it must be larger than /${width - 6}`;
  }
  if (masks === undefined) {
    if (width - length <= mostServiceBits) return undefined;
    const least = width - mostServiceBits;
    return `${subnet} is too large, it must be at least /${least} ` +
      `(at most ${mostServiceBits} host identifier bits)`;
  }
  const mask = width === 32 ? masks.ipv4 : masks.ipv6;
  const parts = `the per-node pod CIDR mask size /${mask}`;
  if (length > mask) return `${subnet} is smaller than ${parts}`;
  if (mask - length <= mostNodeBits) return undefined;
  return `${subnet} is too large for ${parts}, the difference must be at most ${mostNodeBits} bits`;
}
