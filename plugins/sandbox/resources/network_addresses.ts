/** Addresses of a node: on its links, and as the sets that other controllers use. */

import { asSpec } from "./complete_spec.ts";
import { linkIndex } from "./network_links.ts";
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import { type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const networkAddressSources: Sources = {
  "AddressStatuses.net.talos.dev": (facts) => [
    address(facts, "lo", "127.0.0.1/8", { scope: "host", local: "127.0.0.1" }),
    address(facts, "lo", "::1/128", {
      scope: "host",
      family: "inet6",
      ...facts.isMetal ? { flags: "permanent,noprefixroute" } : {},
    }),
    ...facts.isConfigured
      ? [address(facts, "lo", "169.254.116.108/32", { scope: "host", local: "169.254.116.108" })]
      : [],
    address(facts, "eth0", facts.cidr, {
      local: facts.address,
      broadcast: facts.broadcast,
      priority: routeMetric(facts),
    }),
    address(facts, "eth0", `${facts.linkLocalAddress}/64`, {
      scope: "link",
      family: "inet6",
      version: 2,
    }),
    ...podAddresses(facts),
    ...configuredAddresses(facts),
  ],
  "AddressSpecs.net.talos.dev": (facts) => configuredAddresses(facts).flatMap(addressSpecs),
  "NodeAddressFilters.net.talos.dev": whenConfigured(({ node }) => {
    const { podSubnets, serviceSubnets } = settingsOf(node);
    const subnets = [...podSubnets, ...serviceSubnets];
    const filter = (id: string, spec: object) => ({
      id,
      owner: "k8s.AddressFilterController",
      spec,
    });
    return [
      filter("no-k8s", { includeSubnets: [], excludeSubnets: subnets }),
      filter("only-k8s", { includeSubnets: subnets, excludeSubnets: [] }),
    ];
  }),
  "NodeAddresses.net.talos.dev": nodeAddresses,
};

/** DHCP gives its routes this metric. */
export function routeMetric({ isMetal }: NodeFacts): number {
  return isMetal ? 1024 : 0;
}

interface AddressParts {
  family?: string;
  scope?: string;
  flags?: string;
  local?: string;
  broadcast?: string;
  priority?: number;
  version?: number;
}

function address(
  facts: NodeFacts,
  linkName: string,
  cidr: string,
  { version = 1, ...rest }: AddressParts,
): ResourceSeed {
  return {
    id: `${linkName}/${cidr}`,
    owner: "network.AddressStatusController",
    version,
    spec: {
      address: cidr,
      linkIndex: linkIndex(facts, linkName),
      linkName,
      family: "inet4",
      scope: "global",
      flags: "permanent",
      ...rest,
    },
  };
}

/** What flannel gives the node once Kubernetes runs. */
function podAddresses(facts: NodeFacts): readonly ResourceSeed[] {
  const { podNetwork } = facts;
  if (podNetwork === undefined) return [];
  return [
    address(facts, "flannel.1", `${podNetwork}.0/32`, { local: `${podNetwork}.0` }),
    address(facts, "cni0", `${podNetwork}.1/24`, {
      local: `${podNetwork}.1`,
      broadcast: `${podNetwork}.255`,
    }),
  ];
}

/** Those that the configuration gives to links. */
function configuredAddresses(facts: NodeFacts): readonly ResourceSeed[] {
  return settingsOf(facts.node).links.flatMap(({ name, addresses }) =>
    addresses.map((cidr) => {
      const isIpv6 = cidr.includes(":");
      const local = cidr.replace(/\/\d+$/, "");
      return address(facts, name, cidr, isIpv6 ? { family: "inet6" } : { local });
    })
  );
}

/** The spec that an address came from, as it was given and as it was merged. */
function addressSpecs({ id, spec }: ResourceSeed): readonly ResourceSeed[] {
  const { address, linkName, family, scope, flags } = asSpec(spec);
  const given = { address, linkName, family, scope, flags, layer: "configuration" };
  return [
    {
      id,
      owner: "AddressMergeControllers.net.talos.dev",
      version: 2,
      finalizers: ["network.AddressSpecController"],
      spec: given,
    },
    {
      id: `configuration/${id}`,
      namespace: "network-config",
      owner: "network.AddressConfigController",
      spec: given,
    },
  ];
}

/** Each set as it is, and without or with nothing but the networks of Kubernetes. */
function nodeAddresses(
  { node, cidr, isConfigured, podNetwork }: NodeFacts,
): readonly ResourceSeed[] {
  const own = [cidr, ...settingsOf(node).links.flatMap(({ addresses }) => addresses)];
  const set = (id: string, addresses: readonly string[], version = 1): ResourceSeed => ({
    id,
    owner: "network.NodeAddressController",
    version,
    spec: { addresses, sortAlgorithm: "v1" },
  });
  const bridge = podNetwork === undefined ? [] : [`${podNetwork}.1/24`];
  const tunnel = podNetwork === undefined ? [] : [`${podNetwork}.0/32`];
  const ofPods = {
    accumulative: [...tunnel, ...bridge],
    current: [...tunnel, ...bridge],
    routed: bridge,
  };
  return [
    set("default", [cidr]),
    ...Object.entries(ofPods).flatMap(([id, pods]) => [
      set(id, [...own, ...pods], 2),
      ...isConfigured ? [set(`${id}-no-k8s`, own), set(`${id}-only-k8s`, pods)] : [],
    ]),
  ];
}
