/** Resources for other programs: read and watched by the names that `talosctl get` takes, their specs as plain data. */

import type { ResourceMetadata } from "./metadata.ts";
import type { Talos } from "../client/talos.ts";
import { CliError } from "../errors.ts";
import { isList, isMap, Timestamp, type Value } from "../output/value.ts";
import { findDefinition, listDefinitions } from "./definitions.ts";
import { readItem, specTree } from "./item.ts";
import { treeToValue } from "./tree_value.ts";
import { openWatch } from "./watch_stream.ts";
import { loadYamlParser } from "./yaml_tree.ts";

/** Data as JSON has it; whole numbers that JavaScript cannot hold exactly are texts. */
export type PlainData =
  | null
  | boolean
  | number
  | string
  | readonly PlainData[]
  | { readonly [key: string]: PlainData };

/** A resource of a node (spec/resources.md, 1.2). */
export interface TalosResource extends ResourceMetadata {
  /** What it says; `undefined` where a node tells nothing of one that was removed. */
  spec: PlainData | undefined;
}

/** Which resources, and where. */
export interface ResourceQuery {
  /** The node to ask, as for `talos.node`. */
  node: string;
  /** A type or one of its other names, such as `members` or `Members.cluster.talos.dev`. */
  type: string;
  /** Default: the one that the type says. */
  namespace?: string;
  /** One resource alone. Default: all of the type. */
  id?: string;
  /** Ends it: what is awaited then, ends without an error. */
  signal?: AbortSignal;
}

/** A step of a watch: what has changed, or that all resources which were there at its start have come. */
export type ResourceEvent =
  | { kind: "created" | "updated" | "destroyed"; resource: TalosResource }
  | { kind: "synced" };

const changeKinds = { CREATED: "created", UPDATED: "updated", DESTROYED: "destroyed" } as const;

/** What a watch yields, until it is left or its signal aborts. A broken connection is made anew. */
export async function* resourceEvents(
  talos: Talos,
  { node, type, namespace, id = "", signal }: ResourceQuery,
): AsyncGenerator<ResourceEvent> {
  const left = new AbortController();
  const until = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  try {
    const parse = await loadYamlParser();
    const definition = findDefinition(await listDefinitions(talos, node, { signal: until }), type);
    const wanted = {
      namespace: namespace ?? definition.defaultNamespace,
      type: definition.type,
      id,
    };
    for await (
      const { kind, resource, error } of await openWatch({ talos, node, wanted, signal: until })
    ) {
      if (kind === "ERRORED") throw new CliError(`watching ${type} of node ${node}: ${error}`);
      if (kind === "BOOTSTRAPPED") yield { kind: "synced" };
      const change = Object.hasOwn(changeKinds, kind)
        ? changeKinds[kind as keyof typeof changeKinds]
        : undefined;
      if (change === undefined) continue;
      const { yamlSpec, ...item } = readItem(resource);
      const spec = yamlSpec === ""
        ? undefined
        : plainData(treeToValue(specTree({ ...item, yamlSpec }, parse)));
      yield { kind: change, resource: { ...item, spec } };
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    left.abort();
  }
}

function plainData(value: Value): PlainData {
  if (value instanceof Timestamp) return value.text;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (isList(value)) return value.map(plainData);
  if (!isMap(value)) return value;
  return Object.fromEntries(Array.from(value, ([key, item]) => [key, plainData(item)]));
}
