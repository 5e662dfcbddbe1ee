/** The lines of YAML of the plainest kind, taken apart; nesting is for plain_document.ts. */

/** One line: a key, or a list item, and what stands behind it. */
export interface Line {
  /** From 1. */
  number: number;
  indentation: number;
  /** Absent for a list item. */
  key: string | undefined;
  /** Empty where a block follows. */
  value: string;
  /** The text below, where the value is `|`. */
  literal?: string;
}

const linePattern = new RegExp(
  "^ *(?:- (?=.))?" + // its indentation, and the mark of a list item
    "(?:[A-Za-z0-9_][A-Za-z0-9_.@/-]{0,200}:(?: (?=.)|$))?" + // a key
    "(?:|\\||[{[][ -~]*[}\\]]" + // a block follows, or a collection in brackets
    "|\"[A-Za-z0-9_.:@/ -]*\"|'[A-Za-z0-9_.:@/* -]*'" + // quoted, without escapes
    '|(?!.*: )[A-Za-z0-9/+._](?:[A-Za-z0-9/+._@%?&=~:" -]*[A-Za-z0-9/+._="-])?)$', // plain
);
const keyPattern = /[A-Za-z0-9_][A-Za-z0-9_.@/-]{0,200}:(?: |$)/y;

/** Takes a document apart; undefined where any line goes beyond what is plain. */
export function readLines(text: string, firstNumber: number): Line[] | undefined {
  if (/[^\n -~]/.test(text)) return undefined;
  const lines: Line[] = [];
  let number = firstNumber;
  for (let at = 0; at < text.length; number++) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const content = withoutComment(text.slice(at, end));
    at = end + 1;
    let indentation = content.search(/[^ ]/);
    if (indentation < 0) continue;
    const hasMark = content.startsWith("- ", indentation);
    const keyStart = hasMark ? indentation + 2 : indentation;
    keyPattern.lastIndex = keyStart;
    const hasKey = keyPattern.test(content);
    const valueStart = hasKey ? keyPattern.lastIndex : keyStart;
    if (!hasMark && !hasKey || !linePattern.test(content)) return undefined;
    if (hasMark && hasKey) {
      // The item is a mapping that begins behind its mark.
      lines.push({ number, indentation, key: undefined, value: "" });
      indentation = keyStart;
    }
    const key = hasKey ? content.slice(keyStart, content.indexOf(":", keyStart)) : undefined;
    const value = content.slice(valueStart);
    if (value !== "|") {
      lines.push({ number, indentation, key, value });
      continue;
    }
    const block = readLiteral(text, at, indentation);
    if (block === undefined) return undefined;
    lines.push({ number, indentation, key, value, literal: block.text });
    at = block.end;
    number += block.count;
  }
  return lines;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}

/** The first offset, from one on, where there is no blank. */
function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (text[at] === " ") at++;
  return at;
}

function withoutComment(line: string): string {
  const start = line.startsWith("#") ? 0 : line.indexOf(" #");
  return start < 0 ? line : line.slice(0, start).trimEnd();
}

/** The lines of a literal text, which stand deeper than its key; undefined where they are none or odd. */
function readLiteral(
  text: string,
  start: number,
  indentation: number,
): { text: string; end: number; count: number } | undefined {
  const blanks = " ".repeat(skipBlanks(text, start) - start);
  if (blanks.length <= indentation) return undefined;
  const content: string[] = [];
  let at = start;
  while (text.startsWith(blanks, at)) {
    const end = endOfLine(text, at);
    const line = text.slice(at + blanks.length, end);
    if (!/^ *[!-~]/.test(line)) return undefined;
    content.push(line);
    at = end + 1;
  }
  if (at > text.length) return undefined; // a last line that does not end
  // Below blank lines the text may go on.
  let next = at;
  while (next < text.length && skipBlanks(text, next) === endOfLine(text, next)) {
    if (text.startsWith(blanks, next)) break;
    next = endOfLine(text, next) + 1;
  }
  if (text.startsWith(blanks, next)) return undefined;
  // Joined at once: a text that grows by additions is kept as all its parts.
  return { text: content.join("\n") + "\n", end: at, count: content.length };
}
