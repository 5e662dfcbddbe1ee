/** The tree of a YAML document, with the style of every node: what is written again, and read. */

import type { Node } from "js-yaml";
import { CliError } from "../errors.ts";

/** One scalar; its text is decoded, and no type is made of it yet. */
export interface YamlScalar {
  kind: "scalar";
  text: string;
  style: "plain" | "single" | "double" | "literal" | "folded";
  /** An explicit tag, such as `!!binary`. */
  tag?: string;
}

/** One list; flow means in brackets. */
export interface YamlSequence {
  kind: "sequence";
  isFlow: boolean;
  items: readonly YamlTree[];
}

/** One map; keys in the order of the source. */
export interface YamlMapping {
  kind: "mapping";
  isFlow: boolean;
  pairs: readonly { key: YamlScalar; value: YamlTree }[];
}

/** A document, or a part of one. */
export type YamlTree = YamlScalar | YamlSequence | YamlMapping;

/** Reads one YAML document; nothing for one without contents. Throws a CliError for what is none. */
export type YamlParser = (text: string) => YamlTree | undefined;

/**
 * Loads the parser: js-yaml's events, seven times as fast as the documents of `yaml`. Comments are
 * dropped. Aliases, which nodes never write, are refused: a few can make a small text very large.
 */
export async function loadYamlParser(): Promise<YamlParser> {
  const { eventsToAst, FAILSAFE_SCHEMA, parseEvents } = await import("js-yaml");
  return (text) => {
    try {
      const events = parseEvents(text, {});
      const [document] = eventsToAst(events, { source: text, schema: FAILSAFE_SCHEMA });
      return document?.contents ? treeOf(document.contents) : undefined;
    } catch (error) {
      if (error instanceof CliError || !(error instanceof Error)) throw error;
      throw new CliError(`reading YAML: ${error.message.split("\n")[0]}`, { cause: error });
    }
  };
}

/** By the number of js-yaml's SCALAR_STYLE. */
const scalarStyles = ["plain", "plain", "single", "double", "literal", "folded"] as const;

/** The number of js-yaml's COLLECTION_STYLE.FLOW. */
const flowStyle = 2;

function treeOf(node: Node): YamlTree {
  switch (node.kind) {
    case "scalar":
      return {
        kind: "scalar",
        text: node.value,
        style: scalarStyles[node.style],
        ...(node.tagged ? { tag: node.tag } : {}),
      };
    case "sequence":
      return {
        kind: "sequence",
        isFlow: node.style === flowStyle,
        items: node.items.map(treeOf),
      };
    case "mapping":
      return {
        kind: "mapping",
        isFlow: node.style === flowStyle,
        pairs: node.items.map(({ key, value }) => ({ key: keyOf(key), value: treeOf(value) })),
      };
    case "alias":
      throw new CliError(`reading YAML: the alias *${node.anchor} is not supported`);
  }
}

function keyOf(node: Node): YamlScalar {
  const key = treeOf(node);
  if (key.kind !== "scalar") {
    throw new CliError(`reading YAML: a ${key.kind} as a key is not supported`);
  }
  return key;
}
