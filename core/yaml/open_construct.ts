/** Which bracket or quote is still open at a place of broken YAML: what its error has to name. */

/** The innermost open bracket or quote. */
export type OpenConstruct =
  | { kind: "[" | "{"; offset: number }
  | { kind: "quote"; offset: number };

/** Characters before a value that are looked at: room for an anchor and a tag. */
const lookBack = 100;

/** Reads a text up to an offset as far as brackets, quotes and comments go. */
export function openConstruct(text: string, end: number): OpenConstruct | undefined {
  const brackets: { kind: "[" | "{"; offset: number }[] = [];
  let lineStart = 0;
  for (let offset = 0; offset < end; offset++) {
    const character = text[offset];
    if (character === "\n") lineStart = offset + 1;
    else if (character === "#" && /\s/.test(text[offset - 1] ?? " ")) {
      offset = endOfLine(text, offset) - 1;
    } else if (character === '"' || character === "'") {
      if (!canStartValue(text, lineStart, offset)) continue;
      const close = closingQuote(text, offset);
      if (close >= end) return { kind: "quote", offset };
      offset = close;
    } else if (character === "[" || character === "{") {
      if (brackets.length > 0 || canStartValue(text, lineStart, offset)) {
        brackets.push({ kind: character, offset });
      }
    } else if (character === "]" || character === "}") brackets.pop();
  }
  return brackets.at(-1);
}

/** Quotes and brackets within a plain scalar are plain characters. */
function canStartValue(text: string, lineStart: number, offset: number): boolean {
  const before = text.slice(Math.max(lineStart, offset - lookBack), offset);
  return /(^|[[{,:?-])\s*([&!]\S*\s+)*$/.test(before);
}

/** The offset of the quote that closes the one at `offset`, or the text's length. */
function closingQuote(text: string, offset: number): number {
  const quote = text[offset];
  for (let at = offset + 1; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at;
      at++;
    }
  }
  return text.length;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
