/** A YAML document as nodes that know their lines: what errors with line numbers are made from. */

/** A node with its place in the source. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

/** A single value, as it was written. */
export interface YamlScalar {
  kind: "scalar";
  /** Such as `!!str`, `!!null` or `!!int`: as tagged, else what a plain scalar reads as. */
  tag: string;
  /** The text, with quotes and escapes resolved. */
  value: string;
  /** How it was written. */
  style: "plain" | "single" | "double" | "literal" | "folded";
  /** From 1. */
  line: number;
}

/** A list. */
export interface YamlSequence {
  kind: "sequence";
  tag: string;
  /** In brackets. */
  isFlow?: boolean;
  items: YamlNode[];
  line: number;
}

/** A mapping; the pairs keep their order, and duplicates. */
export interface YamlMapping {
  kind: "mapping";
  tag: string;
  /** In braces. */
  isFlow?: boolean;
  pairs: { key: YamlNode; value: YamlNode }[];
  line: number;
}
