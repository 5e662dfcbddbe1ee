/** Reads nodes into typed values the way Go's YAML library does, collecting its errors (spec/client.md, 1.3). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import type { YamlMapping, YamlNode, YamlScalar } from "./node.ts";

/** Collects what did not fit; one document, one decoder. */
export type Problems = { line: number; text: string }[];

/** @throws {CliError} naming all problems in the order of their lines */
export function failOnProblems(problems: Problems): void {
  if (problems.length === 0) return;
  const inOrder = problems.toSorted((left, right) => left.line - right.line);
  const texts = inOrder.map(({ line, text }) => `line ${line}: ${text}`);
  throw new CliError(`yaml: construct errors: ${texts.join("; ")}`);
}

/** Whether a node says that there is no value. */
export function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.tag === "!!null";
}

/** Any scalar as its text; null is `""`. */
export function decodeString(node: YamlNode, problems: Problems): string {
  if (node.kind === "scalar") return isNull(node) ? "" : node.value;
  reportMismatch(node, "string", problems);
  return "";
}

/** A list of scalars; null is undefined. Items that do not fit are left out. */
export function decodeStrings(node: YamlNode, problems: Problems): string[] | undefined {
  if (node.kind === "sequence") {
    return node.items.flatMap((item) => {
      const before = problems.length;
      const text = decodeString(item, problems);
      return problems.length === before ? [text] : [];
    });
  }
  if (!isNull(node)) reportMismatch(node, "[]string", problems);
  return undefined;
}

/**
 * The pairs of a mapping by key, merge keys (`<<`) resolved; null has none.
 *
 * @param goType The type that errors name: what the mapping is read into.
 */
export function decodeMapping(
  node: YamlNode,
  goType: string,
  problems: Problems,
): Map<string, YamlNode> {
  const fields = new Map<string, YamlNode>();
  if (node.kind !== "mapping") {
    if (!isNull(node)) reportMismatch(node, goType, problems);
    return fields;
  }
  const before = problems.length;
  for (const { key, value } of node.pairs) {
    if (isMergeKey(key)) continue;
    const count = problems.length;
    const name = decodeString(key, problems);
    if (problems.length === count) fields.set(name, value);
  }
  // Most have a field for each pair: what is repeated is looked for only in the others.
  if (fields.size < node.pairs.length) {
    const others = problems.splice(before);
    if (reportDuplicates(node, problems)) return new Map();
    problems.push(...others);
  }
  for (const { key, value } of node.pairs) {
    if (isMergeKey(key)) mergeInto(fields, value, goType, problems);
  }
  return fields;
}

/** A pair whose key is a text. */
export interface Pair {
  key: YamlScalar;
  value: YamlNode;
}

/** The same as a list, with the keys' texts: what nearly all mappings have already. */
export function decodePairs(node: YamlNode, goType: string, problems: Problems): readonly Pair[] {
  if (node.kind === "mapping" && areSimple(node.pairs)) return node.pairs;
  const { line } = node;
  return [...decodeMapping(node, goType, problems)].map(([name, value]) => ({
    key: { kind: "scalar", tag: "!!str", value: name, style: "plain", line },
    value,
  }));
}

/** More are not compared with each other one by one. */
const maxSimplePairs = 20;

/** Whether there are few pairs, whose keys are as they were written, and all different. */
function areSimple(pairs: YamlMapping["pairs"]): pairs is Pair[] {
  return pairs.length <= maxSimplePairs && pairs.every(({ key }, index) => {
    if (key.kind !== "scalar" || key.tag === "!!merge" || key.tag === "!!null") return false;
    for (let other = 0; other < index; other++) {
      const earlier = pairs[other]?.key;
      if (earlier?.kind === "scalar" && earlier.value === key.value) return false;
    }
    return true;
  });
}

function isMergeKey(key: YamlNode): boolean {
  return key.kind === "scalar" && key.tag === "!!merge";
}

/** Adds what a merge key refers to: one mapping or several, of which the first that has a key wins. */
function mergeInto(
  fields: Map<string, YamlNode>,
  value: YamlNode,
  goType: string,
  problems: Problems,
): void {
  const sources = value.kind === "sequence" ? value.items : [value];
  for (const source of sources) {
    if (source.kind !== "mapping") {
      throw new CliError("yaml: map merge requires map or sequence of maps as the value");
    }
    for (const [name, merged] of decodeMapping(source, goType, problems)) {
      if (!fields.has(name)) fields.set(name, merged);
    }
  }
}

/** Says for each repeated key where it stood first; whether there was one. */
function reportDuplicates(node: YamlMapping, problems: Problems): boolean {
  const lines = new Map<string, number>();
  const before = problems.length;
  for (const { key } of node.pairs) {
    if (key.kind !== "scalar") continue;
    const line = lines.get(key.value);
    if (line === undefined) {
      lines.set(key.value, key.line);
    } else {
      const text = `mapping key ${goQuote(key.value)} already defined at line ${line}`;
      problems.push({ line: key.line, text });
    }
  }
  return problems.length > before;
}

/** Notes that a node cannot become what is wanted; long values are cut, as they may be secret. */
export function reportMismatch(node: YamlNode, goType: string, problems: Problems): void {
  let value = "";
  if (node.kind === "scalar") {
    const characters = [...node.value];
    const shown = characters.length > 10 ? characters.slice(0, 7).join("") + "..." : node.value;
    value = ` \`${shown}\``;
  }
  problems.push({ line: node.line, text: `cannot construct ${node.tag}${value} into ${goType}` });
}
