/** The table writer of the official client: columns three blanks apart, widths in code points. */

const paddingColumns = 3;

/**
 * Aligns rows (spec/machine-read.md, 1.3).
 *
 * A column is as wide as its longest cell in a run of consecutive lines that have a cell after it;
 * the last cell of a line is neither padded nor counted. A tab or newline inside a cell breaks the
 * cell or the line, as in the official client.
 *
 * @param rows One array of cells a row; a header is a row like any other.
 * @returns The lines, each with its newline.
 *
 * @example
 * ```ts
 * const text = formatTable([["NODE", "ID"], ["10.5.0.2", "etcd"]]);
 * if (text !== "NODE       ID\n10.5.0.2   etcd\n") throw new Error(text);
 * ```
 */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const lines = rows.flatMap((row) => row.join("\t").split("\n")).map((line) => line.split("\t"));
  padColumns(lines);
  return lines.map((cells) => cells.join("") + "\n").join("");
}

/** Lines `start` to before `end`, which all have the cells left of the column at hand. */
interface Block {
  start: number;
  end: number;
}

/** Column by column and not by recursion: a hostile cell may bring any number of tabs. */
function padColumns(lines: string[][]): void {
  let blocks: Block[] = [{ start: 0, end: lines.length }];
  for (let column = 0; blocks.length > 0; column++) {
    blocks = blocks.flatMap((block) => runsOf(lines, block, column));
    for (const run of blocks) padRun(lines, run, column);
  }
}

/** The runs of lines inside a block that have a cell in the column, and more text after it. */
function runsOf(lines: readonly string[][], block: Block, column: number): Block[] {
  const runs: Block[] = [];
  let start = block.start;
  for (let index = block.start; index <= block.end; index++) {
    const hasCell = index < block.end && (lines[index]?.length ?? 0) > column + 1;
    if (hasCell) continue;
    if (index > start) runs.push({ start, end: index });
    start = index + 1;
  }
  return runs;
}

function padRun(lines: string[][], { start, end }: Block, column: number): void {
  const run = lines.slice(start, end);
  let widest = 0;
  for (const cells of run) widest = Math.max(widest, codePoints(cells[column] ?? ""));
  for (const cells of run) {
    const cell = cells[column] ?? "";
    cells[column] = cell + " ".repeat(widest + paddingColumns - codePoints(cell));
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Rows that wait to be aligned together; whoever owns it decides when (spec/client.md, 3.3). */
export class TableBuffer {
  #rows: (readonly string[])[] = [];

  /** Takes a row, or the header. */
  add(cells: readonly string[]): void {
    this.#rows.push(cells);
  }

  /** The rows since the last flush, aligned among themselves; empty when there were none. */
  flush(): string {
    const rows = this.#rows;
    this.#rows = [];
    return formatTable(rows);
  }
}
