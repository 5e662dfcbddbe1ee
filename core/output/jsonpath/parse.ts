/**
 * The parser of kubectl's jsonpath dialect (spec/resources.md, 6.1). It is ours because no library
 * knows the dialect: text around `{…}`, ranges, and errors that scripts have seen for years.
 */

import { CliError } from "../../errors.ts";
import { Cursor } from "./cursor.ts";
import type { Path, Slice, Step } from "./nodes.ts";
import { unquote } from "./unquote.ts";

/**
 * Reads a template.
 *
 * @returns Its texts and `{…}` actions, in order.
 * @throws {CliError} with the dialect's text, without anything in front.
 */
export function parseTemplate(template: string): Step[] {
  const cursor = new Cursor(template);
  const steps: Step[] = [];
  while (cursor.peeked !== "") {
    if (cursor.isAt("{")) {
      cursor.skip("{");
      steps.push({ kind: "path", steps: parseAction(cursor) });
      continue;
    }
    while (cursor.peeked !== "" && !cursor.isAt("{")) cursor.next();
    steps.push({ kind: "text", text: cursor.take() });
  }
  return steps;
}

/** The steps up to the closing brace. */
function parseAction(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  while (!cursor.isAt("}")) steps.push(...parseStep(cursor, steps));
  cursor.skip("}");
  return steps;
}

function parseStep(cursor: Cursor, before: readonly Step[]): Step[] {
  if (cursor.isAt("[?(")) return [parseFilter(cursor)];
  if (cursor.isAt("..")) return parseRecursive(cursor, before);
  const character = cursor.peeked;
  switch (character) {
    case "":
    case "\n":
    case "\r":
      throw new CliError("unclosed action");
    case " ":
    case "@":
    case "$":
      cursor.skip(character);
      return [];
    case "[":
      return [parseBrackets(cursor)];
    case '"':
    case "'":
      return [{ kind: "text", text: parseQuoted(cursor, character) }];
    case ".":
      cursor.skip(".");
      return [parseField(cursor)];
  }
  if (/[-+\p{Nd}]/u.test(character)) return [parseNumber(cursor)];
  if (/[_\p{L}]/u.test(character)) return [parseWord(cursor)];
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const shown = /[\p{C}\p{Z}]/u.test(character) ? "" : ` '${character}'`;
  throw new CliError(`unrecognized character in action: U+${code}${shown}`);
}

/** What ends a name; the end of the template does too. */
const terminator = /^[ \t\r\n.,[\]$@{}]?$/;

function parseWord(cursor: Cursor): Step {
  while (!terminator.test(cursor.peeked)) cursor.next();
  const word = cursor.take();
  if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
  return { kind: "word", word };
}

function parseField(cursor: Cursor): Step {
  while (!terminator.test(cursor.peeked)) {
    if (cursor.next() === "\\") cursor.next();
  }
  const name = cursor.take();
  return name === "*" ? { kind: "wildcard" } : { kind: "field", name: name.replaceAll("\\", "") };
}

function parseRecursive(cursor: Cursor, before: readonly Step[]): Step[] {
  if (before.at(-1)?.kind === "recursive") {
    throw new CliError("invalid multiple recursive descent");
  }
  cursor.skip("..");
  const recursive: Step = { kind: "recursive" };
  return /[_\p{L}\p{Nd}]/u.test(cursor.peeked) ? [recursive, parseField(cursor)] : [recursive];
}

function parseNumber(cursor: Cursor): Step {
  cursor.next();
  while (/^[.\p{Nd}]$/u.test(cursor.peeked)) cursor.next();
  const text = cursor.take();
  if (/^[-+]?\d+$/.test(text)) {
    const value = BigInt(text.replace("+", ""));
    return { kind: "literal", value: BigInt.asIntN(64, value) === value ? value : Number(value) };
  }
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new CliError(`cannot parse number ${text}`);
  return { kind: "literal", value: Number(text) };
}

function parseQuoted(cursor: Cursor, quote: string): string {
  cursor.next();
  for (;;) {
    const character = cursor.next();
    if (character === "" || character === "\n" || character === "\r") {
      throw new CliError("unterminated quoted string");
    }
    if (character === quote && cursor.before(2) !== "\\") return unquote(cursor.take());
  }
}

function parseBrackets(cursor: Cursor): Step {
  for (;;) {
    const character = cursor.next();
    if (character === "" || character === "\n") throw new CliError("unterminated array");
    if (character === "]") break;
  }
  const inside = cursor.take().slice(1, -1);
  const text = inside === "*" ? ":" : inside;

  const members = text.split(",");
  if (members.length > 1) {
    const paths = members.map((member) => parsePath(`[${member.replace(/^ +| +$/g, "")}]`));
    return { kind: "union", paths };
  }
  const name = /^'([^']*)'$/.exec(text)?.[1];
  // A name in brackets is read like one behind a dot: dots in it need a backslash there too.
  if (name !== undefined) return parsePath(`.${name}`);
  return { kind: "slice", slice: parseSlice(text) };
}

function parseSlice(text: string): Slice {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (match === null) throw new CliError(`invalid array index ${text}`);
  const [from, to, step] = [match[1], match[2]?.slice(1), match[3]?.slice(1)].map((part) => {
    if (part === undefined || part === "") return undefined;
    if (part === "-") throw new CliError(`array index ${part} is not a number`);
    return Number(part);
  });
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(step === undefined ? {} : { step }),
    isIndex: match[2] === undefined,
  };
}

function parseFilter(cursor: Cursor): Step {
  cursor.skip("[?(");
  let quote: string | undefined;
  let isQuoteClosed = false;
  for (;;) {
    const character = cursor.next();
    if (character === "" || character === "\n") throw new CliError("unterminated filter");
    if (character === '"' || character === "'") {
      if (quote === undefined) quote = character;
      else if (character === quote && cursor.before(2) !== "\\") isQuoteClosed = true;
    }
    if (character === ")" && (quote === undefined || isQuoteClosed)) break;
  }
  const text = cursor.take().slice(0, -1);
  if (cursor.next() !== "]") throw new CliError("unclosed array expect ]");
  cursor.skip("");

  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { kind: "filter", left: parsePath(text), operator: "exists", right: parsePath("") };
  }
  return { kind: "filter", left: parsePath(left), operator, right: parsePath(right) };
}

/** A part of an action that is an action of its own. */
function parsePath(text: string): Path {
  return { kind: "path", steps: parseAction(new Cursor(`${text}}`)) };
}
