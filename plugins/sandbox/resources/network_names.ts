/** Names and servers of a node: hostname, resolvers, DNS, and what its platform says of the network. */

import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import { onMetal, type Sources, whenConfigured } from "./sources.ts";

/** The sources of this area. */
export const networkNameSources: Sources = {
  "HostnameStatuses.net.talos.dev": ({ node: { hostname } }) => [{
    id: "hostname",
    owner: "network.HostnameSpecController",
    spec: { hostname },
  }],
  "HostnameSpecs.net.talos.dev": hostnameSpecs,
  "ResolverStatuses.net.talos.dev": (facts) => [{
    id: "resolvers",
    owner: "network.ResolverSpecController",
    version: 2,
    spec: { ...resolvers(facts), searchDomains: settingsOf(facts.node).searchDomains },
  }],
  "ResolverSpecs.net.talos.dev": resolverSpecs,
  "DNSUpstreams.net.talos.dev": (facts) =>
    resolvers(facts).dnsServers.map((server, index) => ({
      id: `#${String(index).padStart(3, "0")} Do53 ${server}`,
      owner: "network.DNSUpstreamController",
      version: 2,
      spec: { addr: `${server}:53`, healthy: "true" },
    })),
  "NetworkStatuses.net.talos.dev": ({ isConfigured }) => [{
    id: "status",
    owner: "network.StatusController",
    version: 4,
    spec: {
      addressReady: true,
      connectivityReady: true,
      hostnameReady: true,
      etcFilesReady: isConfigured,
    },
  }],
  "OperatorSpecs.net.talos.dev": onMetal(() => [
    dhcp("dhcp4/eth0"),
    dhcp("default/dhcp4/eth0", "network-config"),
  ]),
  "StaticHosts.net.talos.dev": ({ node, address }) => {
    const addresses: Record<string, string[]> = { [node.hostname]: [address] };
    for (const [ip, names] of Object.entries(settingsOf(node).staticHosts)) {
      for (const name of names) addresses[name] = [...addresses[name] ?? [], ip];
    }
    return Object.entries(addresses).map(([id, addresses]) => ({
      id,
      owner: "network.StaticHostController",
      version: id === node.hostname ? 2 : 1,
      spec: { addresses },
    }));
  },
  "HostDNSConfigs.net.talos.dev": whenConfigured(({ node }) => {
    const { hasHostDns, resolvesMemberNames } = settingsOf(node);
    return [{
      id: "config",
      owner: "network.HostDNSConfigController",
      version: 2,
      spec: {
        enabled: hasHostDns,
        listenAddresses: hasHostDns ? ["127.0.0.53:53", "169.254.116.108:53"] : [],
        resolveMemberNames: resolvesMemberNames,
      },
    }];
  }),
  "PlatformConfigs.net.talos.dev": platformConfigs,
  "PlatformMetadatas.talos.dev": (facts) => [{
    id: "platformmetadata",
    owner: "network.PlatformConfigApplyController",
    spec: platformMetadata(facts),
  }],
};

/** Whom the configuration says; else a container asks whom its host asks, a machine the default servers. */
function resolvers({ node, isMetal }: NodeFacts) {
  const { nameServers: given } = settingsOf(node);
  return resolverSpec(given.length > 0 ? given : isMetal ? ["1.1.1.1", "8.8.8.8"] : ofHost);
}

const ofHost = ["127.0.0.11"];

function resolverSpec(dnsServers: readonly string[]) {
  return { dnsServers, nameServers: dnsServers.map(nameServer) };
}

function nameServer(addr: string) {
  return { addr, protocol: "Do53", tlsServerName: "" };
}

function hostnameSpecs(facts: NodeFacts): readonly ResourceSeed[] {
  const { node: { hostname }, isConfigured, isMetal } = facts;
  const spec = (layer: string) => ({ hostname, layer });
  const layers = [...isMetal ? [] : ["platform"], ...isConfigured ? ["configuration"] : []];
  if (layers.length === 0) layers.push("default");
  return [
    {
      id: "hostname",
      owner: "HostnameMergeControllers.net.talos.dev",
      version: 3,
      finalizers: ["network.HostnameSpecController"],
      spec: spec(layers.at(-1) ?? ""),
    },
    ...layers.map((layer): ResourceSeed => ({
      id: `${layer}/hostname`,
      namespace: "network-config",
      owner: layer === "platform"
        ? "network.PlatformConfigApplyController"
        : "network.HostnameConfigController",
      spec: spec(layer),
    })),
  ];
}

function resolverSpecs(facts: NodeFacts): readonly ResourceSeed[] {
  const { node, isMetal } = facts;
  const { nameServers: given, searchDomains } = settingsOf(node);
  const layer = given.length > 0 ? "configuration" : isMetal ? "default" : "platform";
  const ofDefault = ["1.1.1.1", "8.8.8.8"];
  const inConfig = (layer: string, owner: string, spec: object): ResourceSeed => ({
    id: `${layer}/resolvers`,
    namespace: "network-config",
    owner,
    spec: { ...spec, layer },
  });
  return [
    {
      id: "resolvers",
      owner: "ResolverMergeControllers.net.talos.dev",
      version: 3,
      finalizers: ["network.ResolverSpecController"],
      spec: { ...resolvers(facts), searchDomains, layer },
    },
    inConfig("default", "network.ResolverConfigController", {
      nameServers: ofDefault.map(nameServer),
    }),
    ...isMetal
      ? []
      : [inConfig("platform", "network.PlatformConfigApplyController", resolverSpec(ofHost))],
    ...given.length === 0 && searchDomains.length === 0 ? [] : [
      inConfig("configuration", "network.ResolverConfigController", {
        ...resolverSpec(given),
        searchDomains,
      }),
    ],
  ];
}

function dhcp(id: string, namespace?: string): ResourceSeed {
  return {
    id,
    ...(namespace === undefined ? {} : { namespace }),
    owner: "network.OperatorConfigController",
    spec: {
      operator: "dhcp4",
      linkName: "eth0",
      requireUp: true,
      dhcp4: { routeMetric: 1024 },
      layer: "default",
    },
  };
}

function platformMetadata(facts: NodeFacts) {
  const { node: { hostname }, isMetal } = facts;
  if (isMetal) return { platform: "metal", instanceId: facts.uuid("system") };
  return { platform: "container", hostname, instanceType: "2CPU-2048RAM" };
}

function platformConfigs(facts: NodeFacts): readonly ResourceSeed[] {
  const { node: { hostname }, isMetal } = facts;
  const told = isMetal ? {} : {
    hostnames: [{ hostname, layer: "platform" }],
    resolvers: [{ ...resolverSpec(ofHost), layer: "platform" }],
  };
  return [{
    id: "active",
    owner: "network.PlatformConfigController",
    spec: { ...told, metadata: platformMetadata(facts) },
  }];
}
