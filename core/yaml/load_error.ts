/** Errors of broken YAML in the words of Go's library, as far as the cause can be told (spec/client.md, 1.3). */

import { CliError } from "../errors.ts";
import { openConstruct } from "./open_construct.ts";

/** A place in a text; both count from 0. */
interface Place {
  line: number;
  column: number;
}

/** The stage of Go's library that reports an error. */
type Stage = "reader" | "scanner" | "parser" | "composer";

/** An error at an offset of a text. */
export function loadErrorAt(
  stage: Stage,
  text: string,
  offset: number,
  problem: string,
): CliError {
  return new CliError(`go-yaml load error in ${stage} at ${mark(text, offset)}: ${problem}`);
}

/** Explains where js-yaml stopped: its place, and its reason where Go's cannot be told. */
export function loadErrorFor(
  text: string,
  { line, column }: Place,
  { reason }: { reason: string },
): CliError {
  const lineStart = offsetOfLine(text, line);
  const offset = Math.min(lineStart + column, text.length);
  if (reason.startsWith("tab ")) {
    const blanks = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
    return unexpectedCharacter(text, lineStart + blanks);
  }
  if (reason.includes("null byte") || reason.includes("non-printable")) {
    return loadErrorAt("reader", text, offset, "control characters are not allowed");
  }
  if (reason.startsWith("nesting")) return loadErrorAt("parser", text, offset, reason);
  const next = text[offset];
  if (next !== undefined && "@`%".includes(next)) return unexpectedCharacter(text, offset);

  const open = openConstruct(text, offset);
  if (open?.kind === "quote") {
    const problem = reason.includes("escape")
      ? "found unknown escape character"
      : "found unexpected end of stream";
    return during("scanner", "scanning a quoted scalar", text, open.offset, offset, { problem });
  }
  if (open !== undefined) return flowError(text, open, offset);
  if (next === ":") {
    return loadErrorAt("scanner", text, offset, "mapping values are not allowed in this context");
  }
  if (/^(bad indentation of a mapping|end of the stream or|can not read a block)/.test(reason)) {
    return blockError(text, line, lineStart, offset);
  }
  return loadErrorAt("parser", text, offset, reason);
}

function unexpectedCharacter(text: string, offset: number): CliError {
  const where = `(while scanning for the next token) at ${mark(text, offset)}`;
  const problem = "found character that cannot start any token";
  return new CliError(`go-yaml load error in scanner ${where}: ${problem}`);
}

/** Something is missing between brackets: a value after an opening or a comma, else a comma. */
function flowError(
  given: string,
  open: { kind: "[" | "{"; offset: number },
  offset: number,
): CliError {
  // Where a text ends within a line, Go's library puts its end on the next one.
  const text = given.endsWith("\n") ? given : `${given}\n`;
  const end = offset + (/^\s*/.exec(text.slice(offset))?.[0].length ?? 0);
  if (end === text.length || text[end] === ",") {
    if (/[[{,:]\s*$/.test(text.slice(open.offset, offset))) {
      const where = `(while parsing a flow node) at ${mark(text, end)}`;
      return new CliError(
        `go-yaml load error in parser ${where}: did not find expected node content`,
      );
    }
  }
  const [name, closing] = open.kind === "[" ? ["sequence", "]"] : ["mapping", "}"];
  return during("parser", `parsing a flow ${name}`, text, open.offset, end, {
    problem: `did not find expected ',' or '${closing}'`,
  });
}

/** A line that fits no open block: the block meant is the deepest that is not deeper than the line. */
function blockError(text: string, line: number, lineStart: number, offset: number): CliError {
  const column = offset - lineStart;
  const lines = text.slice(0, lineStart).split("\n").slice(0, line);
  let start = 0;
  let indentation = 0;
  for (let index = lines.length - 1, deepest = -1; index >= 0; index--) {
    const found = (lines[index] ?? "").search(/[^ ]/);
    if (found < 0 || lines[index]?.[found] === "#") continue;
    if (deepest < 0 && found <= column) deepest = found;
    if (deepest >= 0 && found < deepest) break;
    if (found === deepest) {
      start = index;
      indentation = found;
    }
  }
  const startOffset = offsetOfLine(text, start) + indentation;
  const isSequence = /^-\s/.test(text.slice(startOffset, startOffset + 2));
  return isSequence
    ? during("parser", "parsing a block collection", text, startOffset, offset, {
      problem: "did not find expected '-' indicator",
    })
    : during("parser", "parsing a block mapping", text, startOffset, offset, {
      problem: "did not find expected key",
    });
}

function during(
  stage: Stage,
  activity: string,
  text: string,
  start: number,
  end: number,
  { problem }: { problem: string },
): CliError {
  const where = `(while ${activity}) at ${mark(text, start)}-${mark(text, end)}`;
  return new CliError(`go-yaml load error in ${stage} ${where}: ${problem}`);
}

/** Such as `L3.C1`: lines and characters from 1. */
function mark(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return `L${before.split("\n").length}.C${[...before.slice(lineStart)].length + 1}`;
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let index = 0; index < line; index++) {
    const newline = text.indexOf("\n", offset);
    if (newline < 0) return offset;
    offset = newline + 1;
  }
  return offset;
}
