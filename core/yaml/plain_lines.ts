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
  "^( *)(- (?=.))?" + // its indentation, and the mark of a list item
    "(?:([A-Za-z0-9_][A-Za-z0-9_.@/-]{0,200}):(?: (?=.)|$))?" + // a key
    "(|\\||[{[][ -~]*[}\\]]" + // a block follows, or a collection in brackets
    "|\"[A-Za-z0-9_.:@/ -]*\"|'[A-Za-z0-9_.:@/* -]*'" + // quoted, without escapes
    '|(?!.*: )[A-Za-z0-9/+._](?:[A-Za-z0-9/+._@%?&=~:" -]*[A-Za-z0-9/+._="-])?)$', // plain
);

/** Takes a document apart; undefined where any line goes beyond what is plain. */
export function readLines(text: string, firstNumber: number): Line[] | undefined {
  if (/[^\n -~]/.test(text)) return undefined;
  const texts = text.split("\n");
  if (texts.at(-1) === "") texts.pop();
  const lines: Line[] = [];
  for (let at = 0; at < texts.length; at++) {
    const content = withoutComment(texts[at] ?? "");
    if (content.trimStart() === "") continue;
    const [matched, blanks = "", mark, key, value = ""] = linePattern.exec(content) ?? [];
    if (matched === undefined || mark === undefined && key === undefined) return undefined;
    const number = firstNumber + at;
    let indentation = blanks.length;
    if (mark !== undefined && key !== undefined) {
      // The item is a mapping that begins behind its mark.
      lines.push({ number, indentation, key: undefined, value: "" });
      indentation += mark.length;
    }
    if (value !== "|") {
      lines.push({ number, indentation, key, value });
      continue;
    }
    const block = readLiteral(texts, at + 1, indentation);
    if (block === undefined || at + block.count === texts.length - 1 && !text.endsWith("\n")) {
      return undefined;
    }
    lines.push({ number, indentation, key, value, literal: block.text });
    at += block.count;
  }
  return lines;
}

function withoutComment(line: string): string {
  const start = line.startsWith("#") ? 0 : line.indexOf(" #");
  return start < 0 ? line : line.slice(0, start).trimEnd();
}

/** The lines of a literal text, which stand deeper than its key; undefined where they are none or odd. */
function readLiteral(
  texts: readonly string[],
  start: number,
  indentation: number,
): { text: string; count: number } | undefined {
  const blanks = /^ */.exec(texts[start] ?? "")?.[0] ?? "";
  if (blanks.length <= indentation) return undefined;
  const content: string[] = [];
  for (let at = start;; at++) {
    const line = texts[at];
    if (line === undefined || !line.startsWith(blanks)) {
      // Below blank lines the text may go on.
      let next = at;
      while (texts[next]?.trim() === "" && !texts[next]?.startsWith(blanks)) next++;
      if (texts[next]?.startsWith(blanks)) return undefined;
      // Joined at once: a text that grows by additions is kept as all its parts.
      return { text: content.join("\n") + "\n", count: at - start };
    }
    if (!/^ *[!-~][ -~]*$/.test(line)) return undefined;
    content.push(line.slice(blanks.length));
  }
}
