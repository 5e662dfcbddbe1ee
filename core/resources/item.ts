/** A resource as a node sends it, checked, with its spec as a tree. */

import type { Resource } from "../../proto/gen/v1alpha1/resource.ts";
import { CliError } from "../errors.ts";
import { scalarStyle } from "../output/go_yaml_scalar.ts";
import { formatRfc3339 } from "../output/times.ts";
import type { ResourceMetadata } from "./metadata.ts";
import type { YamlParser, YamlTree } from "./yaml_tree.ts";

/** One resource of one node. */
export interface ResourceItem extends ResourceMetadata {
  /** The spec as the node wrote it. */
  yamlSpec: string;
}

/**
 * Reads a resource from an answer (spec/resources.md, 1.2).
 *
 * @throws {CliError} for one that misses a part or has an impossible version, phase or time.
 */
export function readItem(resource: Resource | undefined): ResourceItem {
  const metadata = resource?.metadata;
  if (metadata === undefined) throw new CliError("metadata is missing");
  if (resource?.spec === undefined) throw new CliError("spec is missing");

  const { version, phase, created, updated } = metadata;
  if (version !== "undefined" && !isUint64(version)) {
    throw new CliError(`error parsing version: "${version}" is not a version`);
  }
  if (phase !== "running" && phase !== "tearingDown") {
    throw new CliError(`unknown phase: ${phase}`);
  }
  return {
    ...metadata,
    created: timeText(created),
    updated: timeText(updated),
    yamlSpec: resource.spec.yamlSpec,
  };
}

function isUint64(text: string): boolean {
  return /^\d{1,20}$/.test(text) && BigInt(text) < 1n << 64n;
}

/** From the year 1 to the end of 9999, what RFC 3339 can hold, in seconds since 1970. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;

function timeText(time: { seconds: string; nanos: number } | undefined): string {
  const seconds = Number(time?.seconds ?? 0);
  if (seconds < firstSecond || seconds > lastSecond) {
    throw new CliError(`reading a resource: ${seconds} seconds since 1970 is no possible time`);
  }
  return formatRfc3339({ seconds, nanos: 0 });
}

const machineConfigType = "MachineConfigs.config.talos.dev";

/**
 * The spec of an item; a machine configuration's is one string with the whole of it (spec/resources.md, 5.3).
 *
 * @throws {CliError} when the item has none, as what does not exist, or one that is no YAML.
 */
export function specTree(item: ResourceItem, parse: YamlParser): YamlTree {
  const { type, annotations, yamlSpec } = item;
  if (type === machineConfigType && Object.keys(annotations).length === 0 && yamlSpec !== "") {
    // Nodes older than the annotation send the configuration itself, not a string that holds it.
    return { kind: "scalar", text: yamlSpec, style: scalarStyle(yamlSpec) };
  }
  const spec = parse(yamlSpec);
  if (spec === undefined) {
    // Literal text of spec/resources.md 5.5.
    throw new CliError("go-yaml dump error in representer: YAML spec is not specified");
  }
  return spec;
}
