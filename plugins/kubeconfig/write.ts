/** A kubeconfig as text, in the layout that all of Kubernetes writes (spec/kubeconfig.md, 7). */

import { compareCodePoints } from "../../core/output/code_point_order.ts";
import { toGoYaml } from "../../core/output/go_yaml.ts";
import type { Value } from "../../core/output/value.ts";
import { compareNaturally } from "../../core/talosconfig/name_order.ts";
import { type Fields, type Kubeconfig, listNames } from "./read.ts";

/** Writes a kubeconfig. */
export function kubeconfigText({ lists, rest }: Kubeconfig): string {
  const sortedLists = listNames.map((list): [string, Value] => {
    const entries = [...lists[list]].sort(([left], [right]) => compareCodePoints(left, right));
    return [list, entries.length === 0 ? null : entries.map(([, entry]) => entry)];
  });
  return fieldsText(
    new Map([...rest, ...sortedLists, ["apiVersion", "v1"], ["kind", "Config"]]),
  );
}

/** Writes an object; equal ones give equal texts. */
export function fieldsText(fields: Fields): string {
  return toGoYaml(sorted(fields), {
    indent: 2,
    sequenceIndent: false,
    lineWidth: 80,
    oldTypeQuotes: "double",
  });
}

/** The same with the keys of all its objects in order. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  const entries = [...value].sort(([left], [right]) => compareNaturally(left, right));
  return new Map(entries.map(([key, inner]) => [key, sorted(inner)]));
}
