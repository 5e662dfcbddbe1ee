/** What a configuration says of a node's network: resolvers, time servers, hosts, links. */

import type { SandboxNode } from "../node.ts";
import { configDocuments, valueAt } from "./config_documents.ts";
import { listOf, type SettingsReader, textOf, textsOf } from "./settings_reader.ts";

/** Empty lists leave it to the platform. */
export interface NetworkSettings {
  nameServers: readonly string[];
  searchDomains: readonly string[];
  hasHostDns: boolean;
  resolvesMemberNames: boolean;
  timeServers: readonly string[];
  isTimeSyncDisabled: boolean;
  /** Names by address. */
  staticHosts: Readonly<Record<string, readonly string[]>>;
  links: readonly LinkSettings[];
}

/** An interface that the configuration sets up. */
export interface LinkSettings {
  name: string;
  /** 0 leaves it as it is. */
  mtuBytes: number;
  addresses: readonly string[];
  /** To everywhere, where the destination is empty. */
  routes: readonly { destination: string; gateway: string; source: string; metric: number }[];
}

/** Reads them. */
export function networkSettings(
  node: SandboxNode,
  { texts, isOn, items }: SettingsReader,
): NetworkSettings {
  const dnsFeature = "v1alpha1/machine.features.hostDNS";
  const isTimeOn = isOn(true, "TimeSyncConfig/enabled");
  return {
    nameServers: [
      ...items("ResolverConfig/nameservers").map((server) => textOf(valueAt(server, "address"))),
      ...items("v1alpha1/machine.network.nameservers").map(textOf),
    ].filter((server) => server !== undefined),
    searchDomains:
      texts("ResolverConfig/searchDomains.domains", "v1alpha1/machine.network.searchDomains") ?? [],
    hasHostDns: isOn(true, "ResolverConfig/hostDNS.enabled", `${dnsFeature}.enabled`),
    resolvesMemberNames: isOn(
      false,
      "ResolverConfig/hostDNS.resolveMemberNames",
      `${dnsFeature}.resolveMemberNames`,
    ),
    timeServers: texts("TimeSyncConfig/ntp.servers", "v1alpha1/machine.time.servers") ?? [],
    isTimeSyncDisabled: !isTimeOn || isOn(false, "v1alpha1/machine.time.disabled"),
    staticHosts: Object.fromEntries([
      ...items("v1alpha1/machine.network.extraHostEntries").map((host) =>
        namesOf(host, "ip", "aliases")
      ),
      ...configDocuments(node, "StaticHostConfig").map((host) =>
        namesOf(host, "name", "hostnames")
      ),
    ]),
    links: [
      ...linkKinds.flatMap((kind) => configDocuments(node, kind)).map(linkOfDocument),
      ...items("v1alpha1/machine.network.interfaces").map(linkOfDevice),
    ],
  };

  function namesOf(host: unknown, address: string, names: string) {
    return [textOf(valueAt(host, address)) ?? "", textsOf(valueAt(host, names)) ?? []] as const;
  }
}

const linkKinds = ["LinkConfig", "DummyLinkConfig", "VLANConfig", "BondConfig", "BridgeConfig"];
const defaultMetric = 1024;

function linkOfDocument(link: unknown): LinkSettings {
  return {
    name: textOf(valueAt(link, "name")) ?? "",
    mtuBytes: Number(valueAt(link, "mtu") ?? 0),
    addresses: listOf(valueAt(link, "addresses")).map((each) => String(valueAt(each, "address"))),
    routes: listOf(valueAt(link, "routes")).map((each) => routeOf(each, "destination")),
  };
}

function linkOfDevice(device: unknown): LinkSettings {
  return {
    name: textOf(valueAt(device, "interface")) ?? "eth0",
    mtuBytes: Number(valueAt(device, "mtu") ?? 0),
    addresses: listOf(valueAt(device, "addresses")).map(String),
    routes: listOf(valueAt(device, "routes")).map((each) => routeOf(each, "network")),
  };
}

function routeOf(route: unknown, destination: "destination" | "network") {
  return {
    destination: (textOf(valueAt(route, destination)) ?? "").replace(/^(0\.0\.0\.0|::)\/0$/, ""),
    gateway: textOf(valueAt(route, "gateway")) ?? "",
    source: textOf(valueAt(route, "source")) ?? "",
    metric: Number(valueAt(route, "metric") ?? 0) || defaultMetric,
  };
}
