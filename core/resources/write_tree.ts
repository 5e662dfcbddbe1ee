/** Writes the tree of a YAML document as Go's writer does, each node in the style it was read in. */

import { scalarStyle, writeScalar } from "../output/go_yaml_scalar.ts";
import type { YamlMapping, YamlScalar, YamlSequence, YamlTree } from "./yaml_tree.ts";

const indentColumns = 4;

/** Longer lines are folded (spec/resources.md, 7.1). */
const lineWidth = 80;

/** The longest key, in bytes of UTF-8, that is written without `? ` before it. */
const simpleKeyBytes = 128;

/** The place of a node: what holds it, in which column, and how much of the line is used. */
interface Place {
  holder: "top" | "mapping" | "sequence";
  column: number;
  used: number;
}

/** Writes a document with a newline at its end. */
export function writeYamlTree(tree: YamlTree): string {
  const text = writeNode(tree, { holder: "top", column: -1, used: 0 });
  return text.replace(/^[ \n]/, "") + "\n";
}

/** A node, from the blank or newline that parts it from what is before it. */
function writeNode(tree: YamlTree, place: Place): string {
  if (tree.kind === "scalar") return writeText(tree, place);
  if (tree.isFlow || (tree.kind === "sequence" ? tree.items : tree.pairs).length === 0) {
    const indent = columnInside(place);
    return " " + writeFlow(tree, { column: place.used + 1, indent }).text;
  }
  return tree.kind === "sequence" ? writeSequence(tree, place) : writeMapping(tree, place);
}

/** The column of what is inside a node: two after a dash, else the next multiple of four. */
function columnInside({ holder, column }: Place): number {
  if (holder === "top") return 0;
  if (holder === "sequence") return column + 2;
  return indentColumns * Math.floor((column + indentColumns) / indentColumns);
}

/** Inside a list the first line goes beside the dash, elsewhere all lines go below. */
function lineStart(column: number, { holder }: Place, isFirst: boolean): string {
  return isFirst && holder === "sequence" ? " " : "\n" + " ".repeat(column);
}

function writeText(scalar: YamlScalar, place: Place): string {
  const tag = scalar.tag === undefined ? "" : ` ${scalar.tag}`;
  if (scalar.text === "" && scalar.style === "plain") return tag;
  return `${tag} ` + writeScalar(scalar.text, styleFor(scalar), {
    column: place.used + tag.length + 1,
    indent: place.holder === "top" ? indentColumns : columnInside(place),
    parentIndent: place.column,
    lineWidth,
  });
}

/** Its own style, where one line can hold it; folded blocks, which no node writes, become literal. */
function styleFor({ text, style }: YamlScalar): "plain" | "single" | "double" | "literal" {
  if (style === "folded") return scalarStyle(text);
  return text.includes("\n") && style !== "literal" ? "double" : style;
}

function writeSequence({ items }: YamlSequence, place: Place): string {
  const column = columnInside(place);
  return items.map((item, index) =>
    lineStart(column, place, index === 0) + "-" +
    writeNode(item, { holder: "sequence", column, used: column + 1 })
  ).join("");
}

function writeMapping({ pairs }: YamlMapping, place: Place): string {
  const column = columnInside(place);
  return pairs.map(({ key, value }, index) => {
    const keyText = writeKey(key, column);
    const used = column + Array.from(keyText).length;
    return lineStart(column, place, index === 0) + keyText +
      writeNode(value, { holder: "mapping", column, used });
  }).join("");
}

function writeKey(key: YamlScalar, column: number): string {
  const style = styleFor(key) === "literal" ? "double" : styleFor(key);
  const place = { column, indent: column, parentIndent: column, lineWidth: Infinity };
  const text = writeScalar(key.text, style, place);
  const isSimple = new TextEncoder().encode(key.text).length <= simpleKeyBytes;
  return isSimple ? `${text}:` : `? ${text}\n${" ".repeat(column)}:`;
}

/** A list or map in brackets, and the column behind it; a new line begins where one is too long. */
function writeFlow(
  tree: YamlTree,
  { column, indent }: { column: number; indent: number },
): { text: string; column: number } {
  if (tree.kind === "scalar") {
    const style = styleFor(tree) === "literal" ? "double" : styleFor(tree);
    const place = { column, indent: indent + indentColumns, parentIndent: indent, lineWidth };
    return behind(writeScalar(tree.text, style, place), column);
  }

  const [open, close] = tree.kind === "sequence" ? ["[", "]"] : ["{", "}"];
  let written = { text: open, column: column + 1 };
  const add = (text: string) => {
    const { column } = behind(text, written.column);
    written = { text: written.text + text, column };
  };
  const inside = tree.kind === "sequence" ? tree.items : tree.pairs;
  for (const [index, item] of inside.entries()) {
    if (index > 0) add(written.column >= lineWidth ? ",\n" + " ".repeat(indent) : ", ");
    if ("key" in item) add(`${writeFlow(item.key, { ...written, indent }).text}: `);
    add(writeFlow("key" in item ? item.value : item, { ...written, indent }).text);
  }
  add(close);
  return written;
}

function behind(text: string, column: number): { text: string; column: number } {
  const lastBreak = text.lastIndexOf("\n");
  const end = lastBreak < 0 ? column + text.length : text.length - lastBreak - 1;
  return { text, column: end };
}
