/** Brackets and braces of the plainest kind: on one line, without escapes; JSON that people type is mostly of it. */

import type { YamlNode } from "./node.ts";
import { plainScalarTag } from "./scalar_tag.ts";

/** Text still to be read, from `at` on. */
interface Rest {
  text: string;
  at: number;
  line: number;
}

const patterns = {
  opening: /[{[] */y,
  closing: /[}\]] */y,
  separator: /, */y,
  scalar: /("[ !#-[\]-~]*"|'[ -&(-~]*'|[A-Za-z0-9/+._](?:[A-Za-z0-9/+._=-]*[A-Za-z0-9/+_=])?)( *)/y,
  afterPlainKey: /: +/y,
  afterQuotedKey: /: */y,
};

const maxDepth = 10;
/** The library's own bound on keys, and less. */
const maxKeyLength = 200;

/** Reads a whole line of this kind; undefined for every other, right or wrong. */
export function parsePlainFlow(text: string, line: number): YamlNode | undefined {
  const rest = { text, at: 0, line };
  const node = readNode(rest, maxDepth);
  return rest.at === text.length ? node : undefined;
}

function take(rest: Rest, name: keyof typeof patterns): string | undefined {
  const pattern = patterns[name];
  pattern.lastIndex = rest.at;
  const [taken] = pattern.exec(rest.text) ?? [];
  rest.at += taken?.length ?? 0;
  return taken;
}

function readNode(rest: Rest, depth: number): YamlNode | undefined {
  if (depth === 0) return undefined;
  const { line } = rest;
  switch (take(rest, "opening")?.[0]) {
    case "{": {
      const pairs = readList(rest, "}", () => readPair(rest, depth));
      return pairs && { kind: "mapping", tag: "!!map", isFlow: true, pairs, line };
    }
    case "[": {
      const items = readList(rest, "]", () => readNode(rest, depth - 1));
      return items && { kind: "sequence", tag: "!!seq", isFlow: true, items, line };
    }
    default:
      return readScalar(rest);
  }
}

function readList<T>(rest: Rest, closing: string, read: () => T | undefined): T[] | undefined {
  const list: T[] = [];
  if (rest.text[rest.at] !== closing) {
    do {
      const item = read();
      if (item === undefined) return undefined;
      list.push(item);
    } while (take(rest, "separator") !== undefined);
  }
  return take(rest, "closing")?.[0] === closing ? list : undefined;
}

function readPair(rest: Rest, depth: number): { key: YamlNode; value: YamlNode } | undefined {
  const key = readScalar(rest);
  if (key?.kind !== "scalar" || key.value.length > maxKeyLength) return undefined;
  if (take(rest, key.style === "plain" ? "afterPlainKey" : "afterQuotedKey") === undefined) {
    return undefined;
  }
  const value = readNode(rest, depth - 1);
  return value && { key, value };
}

function readScalar(rest: Rest): YamlNode | undefined {
  const text = take(rest, "scalar")?.trimEnd();
  const { line } = rest;
  if (text === undefined) return undefined;
  if (/^["']/.test(text)) {
    const style = text.startsWith('"') ? "double" : "single";
    return { kind: "scalar", tag: "!!str", value: text.slice(1, -1), style, line };
  }
  return { kind: "scalar", tag: plainScalarTag(text), value: text, style: "plain", line };
}
