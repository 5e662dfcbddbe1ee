/** Two columns, flags and what they are for; on a terminal the second one is wrapped, and elsewhere as long as it is. */

/** One flag. */
export interface FlagRow {
  left: string;
  right: string;
}

/** A right column that would be narrower begins below the flag instead. */
const leastTextWidth = 40;
const narrowIndent = 10;

/** The lines; without a width none is broken. */
export function flagTable(rows: readonly FlagRow[], width = Infinity): string[] {
  const column = Math.max(...rows.map(({ left }) => left.length)) + 3;
  const isNarrow = width - column < leastTextWidth;
  if (isNarrow && width !== Infinity) {
    return rows.flatMap(({ left, right }) => [
      left,
      ...wrapWords(right, width - narrowIndent).map((line) => " ".repeat(narrowIndent) + line),
    ]);
  }
  return rows.flatMap(({ left, right }) =>
    wrapWords(right, width - column)
      .map((line, index) => (index === 0 ? left : "").padEnd(column) + line)
  );
}

/** Words that are longer than a line have one of their own. */
function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
