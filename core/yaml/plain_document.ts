/**
 * A reader of the plainest YAML, the one that programs write: nested keys, lists, simple scalars,
 * literal blocks, brackets that close on their line, comments.
 * Apart because it saves most commands the YAML library, which takes 10 ms of a start of 30.
 */

import type { YamlNode } from "./node.ts";
import { parsePlainFlow } from "./plain_flow.ts";
import { type Line, readLines } from "./plain_lines.ts";
import { plainScalarTag } from "./scalar_tag.ts";

/** Lines still to be read; the next one is at `at`. */
interface Lines {
  lines: readonly Line[];
  at: number;
}

const maxDepth = 10;

/** Reads a document of this plain kind; undefined where any line goes beyond it, right or wrong. */
export function parsePlainDocument(text: string, firstLine = 1): YamlNode | undefined {
  if (/^[{[].*\n?$/.test(text)) return parsePlainFlow(text.trimEnd(), firstLine);
  const lines = readLines(text, firstLine);
  if (lines?.[0]?.indentation !== 0) return undefined;
  const rest = { lines, at: 0 };
  const root = readBlock(rest, maxDepth);
  return rest.at === lines.length ? root : undefined;
}

/** Reads the documents between `---` lines; undefined where any of them is empty or not of this kind. */
export function parsePlainDocuments(text: string, firstLine = 1): YamlNode[] | undefined {
  const documents: YamlNode[] = [];
  if (text === "") return documents;
  // At the very start the line opens the first document instead of ending one.
  let start = text.startsWith("---\n") ? 4 : 0;
  let line = start === 0 ? firstLine : firstLine + 1;
  while (true) {
    const end = text.indexOf("\n---\n", Math.max(0, start - 1));
    const part = text.slice(start, end < 0 ? text.length : end + 1);
    const document = parsePlainDocument(part, line);
    if (document === undefined) return undefined;
    documents.push(document);
    if (end < 0) return documents;
    line += countNewlines(part) + 1;
    start = end + "\n---\n".length;
  }
}

/** How many lines end in a text. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** The mapping or list that begins on the next line. */
function readBlock(rest: Lines, depth: number): YamlNode | undefined {
  const first = rest.lines[rest.at];
  if (first === undefined || depth === 0) return undefined;
  return first.key === undefined ? readList(rest, first, depth) : readMapping(rest, first, depth);
}

function readList(
  rest: Lines,
  { indentation, number }: Line,
  depth: number,
): YamlNode | undefined {
  const items: YamlNode[] = [];
  while (true) {
    const line = rest.lines[rest.at];
    if (line === undefined || line.indentation !== indentation || line.key !== undefined) break;
    rest.at++;
    const item = line.value === "" ? readBlock(rest, depth - 1) : readValue(line);
    if (item === undefined) return undefined;
    items.push(item);
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
function readValue({ value, literal, number }: Line): YamlNode | undefined {
  if (literal !== undefined) {
    return { kind: "scalar", tag: "!!str", value: literal, style: "literal", line: number };
  }
  switch (value[0]) {
    case undefined:
      return undefined;
    case "[":
    case "{":
      return parsePlainFlow(value, number);
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
