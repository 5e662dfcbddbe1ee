/** Routes of a node, as its kernel has them. */

import { asSpec } from "./complete_spec.ts";
import { routeMetric } from "./network_addresses.ts";
import { linkIndex } from "./network_links.ts";
import { type NodeFacts, podNetworkOf } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { settingsOf } from "./settings.ts";
import type { Sources } from "./sources.ts";

/** The sources of this area. */
export const networkRouteSources: Sources = {
  "RouteStatuses.net.talos.dev": (facts) => [
    ...mainRoutes(facts),
    ...podRoutes(facts),
    ...localRoutes(facts),
    ...localRoutes6(facts),
    ...configuredRoutes(facts),
  ],
  "RouteSpecs.net.talos.dev": (facts) => configuredRoutes(facts).flatMap(routeSpecs),
};

interface Route {
  dst: string;
  src?: string;
  gateway?: string;
  link?: string;
  table?: "main" | "local";
  family?: "inet4" | "inet6";
  priority?: number;
  scope?: string;
  type?: string;
  protocol?: string;
}

function mainRoutes(facts: NodeFacts): readonly ResourceSeed[] {
  const { network, gateway, address, isMetal } = facts;
  const priority = routeMetric(facts);
  const byDhcp = isMetal ? { src: address, protocol: "dhcp" } : { protocol: "boot" };
  return [
    route(facts, { dst: "", gateway, priority, scope: "global", ...byDhcp }),
    route(facts, { dst: network, src: address, priority, scope: "link" }),
    route(facts, { dst: "fe80::/64", family: "inet6", priority: 256, scope: "global" }),
  ];
}

/** To the node's own pods by the bridge, to those of other nodes through the tunnel. */
function podRoutes(facts: NodeFacts): readonly ResourceSeed[] {
  const { podNetwork, cluster, node } = facts;
  if (podNetwork === undefined) return [];
  const others = cluster.nodes().flatMap((other) => {
    const network = other === node ? undefined : podNetworkOf(other, cluster);
    return network === undefined ? [] : [network];
  });
  const own = { dst: `${podNetwork}.0/24`, src: `${podNetwork}.1`, link: "cni0", scope: "link" };
  return [
    route(facts, own),
    ...others.map((network) =>
      route(facts, {
        dst: `${network}.0/24`,
        gateway: `${network}.0`,
        link: "flannel.1",
        protocol: "boot",
      })
    ),
  ];
}

function localRoutes(facts: NodeFacts): readonly ResourceSeed[] {
  const { address, broadcast, isConfigured } = facts;
  const local = (link: string, src: string, dst = `${src}/32`) =>
    route(facts, { table: "local", link, src, dst, scope: "host", type: "local" });
  const toAll = (link: string, src: string, dst: string) =>
    route(facts, { table: "local", link, src, dst, scope: "link", type: "broadcast" });
  return [
    local("eth0", address),
    toAll("eth0", address, `${broadcast}/32`),
    local("lo", "127.0.0.1", "127.0.0.0/8"),
    local("lo", "127.0.0.1"),
    toAll("lo", "127.0.0.1", "127.255.255.255/32"),
    ...isConfigured ? [local("lo", "169.254.116.108")] : [],
  ];
}

function localRoutes6(facts: NodeFacts): readonly ResourceSeed[] {
  const rest = { table: "local", family: "inet6", scope: "global" } as const;
  return [
    route(facts, { ...rest, dst: `${facts.linkLocalAddress}/128`, type: "local" }),
    route(facts, { ...rest, dst: "ff00::/8", priority: 256, type: "multicast" }),
    route(facts, { ...rest, link: "lo", dst: "::1/128", type: "local" }),
  ];
}

/** Those that the configuration gives to links. */
function configuredRoutes(facts: NodeFacts): readonly ResourceSeed[] {
  return settingsOf(facts.node).links.flatMap(({ name, routes }) =>
    routes.map(({ destination, gateway, source, metric }) =>
      route(facts, {
        dst: destination,
        gateway,
        src: source,
        link: name,
        priority: metric,
        family: `${destination}${gateway}`.includes(":") ? "inet6" : "inet4",
        protocol: "static",
      })
    )
  );
}

/** The spec that a route came from, as it was given and as it was merged. */
function routeSpecs({ id, spec }: ResourceSeed): readonly ResourceSeed[] {
  const { outLinkIndex: _index, ...rest } = asSpec(spec);
  const given = { ...rest, layer: "configuration" };
  return [
    { id, owner: "RouteMergeControllers.net.talos.dev", version: 2, spec: given },
    {
      id: `configuration/${id}`,
      namespace: "network-config",
      owner: "network.RouteConfigController",
      spec: given,
    },
  ];
}

function route(facts: NodeFacts, given: Route): ResourceSeed {
  const { dst, src = "", gateway = "", link = "eth0", table = "main", family = "inet4" } = given;
  const { priority = 0, scope = "global", type = "unicast", protocol = "kernel" } = given;
  const place = (table === "main" ? "" : `${table}/`) + (family === "inet6" ? `${link}/` : "");
  return {
    id: `${place}${family}/${gateway}/${dst}/${priority}`,
    owner: "network.RouteStatusController",
    spec: {
      family,
      dst,
      src,
      gateway,
      outLinkIndex: linkIndex(facts, link),
      outLinkName: link,
      table,
      priority,
      scope,
      type,
      protocol,
    },
  };
}
