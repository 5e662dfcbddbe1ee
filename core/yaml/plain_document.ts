/**
 * A reader of the plainest YAML, the one that programs write: nested keys, lists, simple scalars.
 * Apart because it saves most commands the YAML library, which takes 10 ms of a start of 30.
 */

import type { YamlNode } from "./node.ts";
import { plainScalarTag } from "./scalar_tag.ts";

/** One line: a key, or a list item, and what stands behind it. */
interface Line {
  /** From 1. */
  number: number;
  indentation: number;
  /** Absent for a list item. */
  key: string | undefined;
  /** Empty where a block follows. */
  value: string;
}

/** Lines still to be read; the next one is at `at`. */
interface Lines {
  lines: readonly Line[];
  at: number;
}

const linePattern = new RegExp(
  "^( *)" + // its indentation
    "(?:- (?=.)|([A-Za-z0-9_][A-Za-z0-9_.@/-]{0,200}):(?: (?=.)|$))" + // a list item or a key
    "(|\\[\\]|\\{\\}" + // a block follows, or an empty collection
    "|\"[A-Za-z0-9_.:@/ -]*\"|'[A-Za-z0-9_.:@/* -]*'" + // quoted, without escapes
    "|[A-Za-z0-9/+._](?:[A-Za-z0-9/+._@%?&=~:-]*[A-Za-z0-9/+._=-])?)$", // plain, without blanks
);

const maxDepth = 10;

/** Reads a document of this plain kind; undefined where any line goes beyond it, right or wrong. */
export function parsePlainDocument(text: string): YamlNode | undefined {
  const lines: Line[] = [];
  const texts = text.split("\n");
  if (texts.at(-1) === "") texts.pop();
  for (const [index, line] of texts.entries()) {
    const parts = linePattern.exec(line);
    if (parts === null) return undefined;
    const [, blanks = "", key, value = ""] = parts;
    lines.push({ number: index + 1, indentation: blanks.length, key, value });
  }
  if (lines[0]?.indentation !== 0) return undefined;
  const rest = { lines, at: 0 };
  const root = readBlock(rest, maxDepth);
  return rest.at === lines.length ? root : undefined;
}

/** The mapping or list that begins on the next line. */
function readBlock(rest: Lines, depth: number): YamlNode | undefined {
  const first = rest.lines[rest.at];
  if (first === undefined || depth === 0) return undefined;
  return first.key === undefined ? readList(rest, first) : readMapping(rest, first, depth);
}

function readList(rest: Lines, { indentation, number }: Line): YamlNode | undefined {
  const items: YamlNode[] = [];
  while (true) {
    const line = rest.lines[rest.at];
    if (line === undefined || line.indentation !== indentation || line.key !== undefined) break;
    const item = readValue(line);
    if (item === undefined) return undefined;
    items.push(item);
    rest.at++;
  }
  return { kind: "sequence", tag: "!!seq", items, line: number };
}

function readMapping(
  rest: Lines,
  { indentation, number }: Line,
  depth: number,
): YamlNode | undefined {
  const pairs: { key: YamlNode; value: YamlNode }[] = [];
  while (true) {
    const line = rest.lines[rest.at];
    if (line === undefined || line.indentation !== indentation || line.key === undefined) break;
    rest.at++;
    const next = rest.lines[rest.at];
    const hasBlock = next !== undefined &&
      (next.indentation > indentation ||
        next.indentation === indentation && next.key === undefined);
    const value = line.value === "" && hasBlock ? readBlock(rest, depth - 1) : readValue(line);
    if (value === undefined) return undefined;
    pairs.push({ key: plainScalar(line.key, line.number), value });
  }
  return { kind: "mapping", tag: "!!map", pairs, line: number };
}

/** What stands on the line itself; nothing at all is left to the library. */
function readValue({ value, number }: Line): YamlNode | undefined {
  switch (value[0]) {
    case undefined:
      return undefined;
    case "[":
      return { kind: "sequence", tag: "!!seq", isFlow: true, items: [], line: number };
    case "{":
      return { kind: "mapping", tag: "!!map", isFlow: true, pairs: [], line: number };
    case '"':
      return quotedScalar(value, "double", number);
    case "'":
      return quotedScalar(value, "single", number);
    default:
      return plainScalar(value, number);
  }
}

function quotedScalar(value: string, style: "single" | "double", line: number): YamlNode {
  return { kind: "scalar", tag: "!!str", value: value.slice(1, -1), style, line };
}

function plainScalar(value: string, line: number): YamlNode {
  return { kind: "scalar", tag: plainScalarTag(value), value, style: "plain", line };
}
