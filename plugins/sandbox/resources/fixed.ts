/** Resources that are the same on all nodes of a kind: facts of Talos, which stand in a data file. */

import data from "../data/static_resources.json" with { type: "json" };
import type { NodeFacts } from "./node_facts.ts";
import type { ResourceSeed } from "./resource_seed.ts";
import { type NodeSettings, settingsOf } from "./settings.ts";
import { imageOf } from "./settings_kubernetes.ts";

/** A line of the data file. */
interface FixedResource extends ResourceSeed {
  type: string;
  /** Which nodes have it; absent is all. */
  on?: "configured" | "controlplane" | "worker";
  /** Absent is both. */
  platform?: "container";
}

let byType: ReadonlyMap<string, readonly FixedResource[]> | undefined;

/** Types that have some on some node. */
export function hasFixedResources(type: string): boolean {
  return index().has(type);
}

/** Those of a type that a node has. */
export function fixedResources(type: string, facts: NodeFacts): readonly ResourceSeed[] {
  const rows = (index().get(type) ?? []).filter((row) => isOn(facts, row));
  return rows.map(({ type: _type, on: _on, platform: _platform, spec, ...rest }) => ({
    ...rest,
    spec: filled(spec, { endpoint: facts.endpoint, settings: settingsOf(facts.node) }),
  }));
}

function index(): ReadonlyMap<string, readonly FixedResource[]> {
  // The import's own type has a case for every line of the file.
  return byType ??= Map.groupBy(data as unknown as readonly FixedResource[], ({ type }) => type);
}

function isOn(
  { node, isConfigured, isMetal }: NodeFacts,
  { on, platform }: FixedResource,
): boolean {
  if (platform !== undefined && isMetal) return false;
  return on === undefined || (on === "configured" ? isConfigured : on === node.machineType);
}

/** What the file leaves open. */
interface Blanks {
  endpoint: string;
  settings: NodeSettings;
}

/** With what the configuration decides in the place of `{{…}}`. */
function filled(value: unknown, blanks: Blanks): unknown {
  if (typeof value === "string") {
    return value.replace(/\{\{([^}]*)\}\}/g, (_, name) => valuesOf(name, blanks).join(","));
  }
  if (Array.isArray(value)) {
    return value.flatMap((item): readonly unknown[] => {
      const [, name] = /^\{\{(\w+Subnets)\}\}$/.exec(String(item)) ?? [];
      return name === undefined ? [filled(item, blanks)] : valuesOf(name, blanks);
    });
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, blanks)]),
  );
}

function valuesOf(blank: string, { endpoint, settings }: Blanks): readonly string[] {
  switch (blank) {
    case "endpoint":
      return [endpoint];
    case "podSubnets":
      return settings.podSubnets;
    case "serviceSubnets":
      return settings.serviceSubnets;
    case "dnsDomain":
      return [settings.dnsDomain];
  }
  const [, component] = /^image (\S+)$/.exec(blank) ?? [];
  if (component === undefined) throw new Error(`static resources: unknown blank "${blank}"`);
  return [imageOf(settings, component)];
}
