/** Builds nodes from the parser's events, and resolves aliases within bounds. */

import type { Event, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { CliError } from "../errors.ts";
import { loadErrorAt } from "./load_error.ts";
import type { YamlNode } from "./node.ts";
import { plainScalarTag } from "./scalar_tag.ts";

type ScalarEvent = Parameters<typeof getScalarValue>[1];
type CollectionEvent = Extract<Event, { start: number }>;

/** The parts of the YAML library that are needed here: it is loaded by the caller, when used. */
export interface YamlLibrary {
  getScalarValue: typeof getScalarValue;
  SCALAR_STYLE: typeof SCALAR_STYLE;
  COLLECTION_STYLE: typeof import("js-yaml").COLLECTION_STYLE;
  EVENT_ID: typeof import("js-yaml").EVENT_ID;
}

/** How many nodes aliases may add to a document: real ones stay far below. */
const maxAliasedNodes = 100_000;

/** The state of one pass over the events. */
interface Build {
  yaml: YamlLibrary;
  source: string;
  events: readonly Event[];
  /** Index of the next event. */
  next: number;
  /** Offset up to which lines are counted, and the line there. */
  counted: { offset: number; line: number };
  /** Named nodes and their sizes; "open" while their content is still read. */
  anchors: Map<string, { node: YamlNode; size: number } | "open">;
  aliasedNodes: number;
}

/**
 * Builds the root node of the first document in the events.
 *
 * @returns The root, or undefined where there is no document.
 * @throws {CliError} for aliases to nothing, to themselves or too often
 */
export function buildNode(
  yaml: YamlLibrary,
  source: string,
  events: readonly Event[],
): YamlNode | undefined {
  return buildNodes(yaml, source, events).next().value ?? undefined;
}

/** Builds the root node of each document in the events, one at a time. */
export function* buildNodes(
  yaml: YamlLibrary,
  source: string,
  events: readonly Event[],
  firstLine = 1,
): Generator<YamlNode, undefined> {
  const build: Build = {
    yaml,
    source,
    events,
    next: 0,
    counted: { offset: 0, line: firstLine },
    anchors: new Map(),
    aliasedNodes: 0,
  };
  while (build.next < events.length) {
    build.next++; // the event that opens the document
    build.anchors.clear();
    const root = readNode(build);
    if (root === undefined) continue; // an empty document was closed
    yield root.node;
    build.next++; // the event that closes it
  }
}

/** The next node and how many nodes it holds; undefined where a collection ends. */
function readNode(build: Build): { node: YamlNode; size: number } | undefined {
  const { EVENT_ID } = build.yaml;
  const event = build.events[build.next++];
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return anchored(build, event, () => ({ node: scalarOf(build, event), size: 1 }));
    case EVENT_ID.SEQUENCE:
      return anchored(build, event, () => readSequence(build, event));
    case EVENT_ID.MAPPING:
      return anchored(build, event, () => readMapping(build, event));
    case EVENT_ID.ALIAS:
      return resolveAlias(build, event.anchorStart, event.anchorEnd);
    default:
      return undefined;
  }
}

function anchored(
  build: Build,
  event: { anchorStart: number; anchorEnd: number },
  read: () => { node: YamlNode; size: number },
): { node: YamlNode; size: number } {
  if (event.anchorStart < 0) return read();
  const name = build.source.slice(event.anchorStart, event.anchorEnd);
  build.anchors.set(name, "open");
  const result = read();
  build.anchors.set(name, result);
  return result;
}

function resolveAlias(
  build: Build,
  start: number,
  end: number,
): { node: YamlNode; size: number } {
  const name = build.source.slice(start, end);
  const target = build.anchors.get(name);
  if (target === undefined || target === "open") {
    const problem = target === undefined
      ? `unknown anchor '${name}' referenced`
      : `anchor '${name}' value contains itself`;
    throw loadErrorAt("composer", build.source, start - 1, problem);
  }
  build.aliasedNodes += target.size;
  if (build.aliasedNodes > maxAliasedNodes) {
    throw new CliError("yaml: document contains excessive aliasing");
  }
  return target;
}

function readSequence(build: Build, event: CollectionEvent): { node: YamlNode; size: number } {
  const line = lineAt(build, event.start);
  const items: YamlNode[] = [];
  let size = 1;
  for (let item = readNode(build); item !== undefined; item = readNode(build)) {
    items.push(item.node);
    size += item.size;
  }
  const tag = tagOf(build, event) ?? "!!seq";
  return { node: { kind: "sequence", tag, ...flow(build, event), items, line }, size };
}

function readMapping(build: Build, event: CollectionEvent): { node: YamlNode; size: number } {
  const line = lineAt(build, event.start);
  const pairs: { key: YamlNode; value: YamlNode }[] = [];
  let size = 1;
  for (let key = readNode(build); key !== undefined; key = readNode(build)) {
    const value = readNode(build);
    if (value === undefined) break; // the parser gives every key a value
    pairs.push({ key: key.node, value: value.node });
    size += key.size + value.size;
  }
  const tag = tagOf(build, event) ?? "!!map";
  return { node: { kind: "mapping", tag, ...flow(build, event), pairs, line }, size };
}

function flow({ yaml }: Build, { style }: CollectionEvent): { isFlow?: true } {
  return style === yaml.COLLECTION_STYLE.FLOW ? { isFlow: true } : {};
}

/** By the number of js-yaml's SCALAR_STYLE. */
const scalarStyles = ["plain", "plain", "single", "double", "literal", "folded"] as const;

function scalarOf(build: Build, event: ScalarEvent): YamlNode {
  const { SCALAR_STYLE } = build.yaml;
  const value = build.yaml.getScalarValue(build.source, event);
  const plainTag = event.style === SCALAR_STYLE.PLAIN ? plainScalarTag(value) : "!!str";
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK ||
    event.style === SCALAR_STYLE.FOLDED_BLOCK;
  // A block's text begins a line below its `|` or `>`.
  const start = isBlock ? event.valueStart - 1 : event.valueStart;
  return {
    kind: "scalar",
    tag: tagOf(build, event) ?? plainTag,
    value,
    style: scalarStyles[event.style],
    line: lineAt(build, start),
  };
}

/** An explicit tag in its short form. */
function tagOf(
  build: Build,
  { tagStart, tagEnd }: { tagStart: number; tagEnd: number },
): string | undefined {
  if (tagStart < 0) return undefined;
  const tag = build.source.slice(tagStart, tagEnd);
  if (tag === "!") return undefined;
  return tag.replace(/^!<tag:yaml\.org,2002:(.*)>$/, "!!$1");
}

/** Events come in the order of the source, so that lines are counted once; an absent value has no offset. */
function lineAt({ source, counted }: Build, offset: number): number {
  while (true) {
    const newline = source.indexOf("\n", counted.offset);
    if (newline < 0 || newline >= offset) return counted.line;
    counted.offset = newline + 1;
    counted.line++;
  }
}
