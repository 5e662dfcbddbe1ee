/** The first record of a CSV text, and Go's messages for what is wrong in it (spec/cli.md, 6.5). */

import { CliError } from "../errors.ts";

/** Where the reader stands; `line` counts from 1, `lineStart` is the position of its first character. */
interface Cursor {
  text: string;
  position: number;
  line: number;
  lineStart: number;
  /** The line on which the record began. */
  recordLine: number;
}

/**
 * The fields of the first record; empty lines before it are skipped and later records ignored.
 *
 * @throws {CliError} with Go's text: a misplaced quote with its line and column in bytes, or `EOF`.
 */
export function parseCsvRecord(source: string): string[] {
  const text = source.replaceAll("\r\n", "\n").replace(/\r$/, "");
  const blank = /^\n*/.exec(text)?.[0].length ?? 0;
  if (blank === text.length) throw new CliError("EOF");
  const line = blank + 1;
  const cursor = { text, position: blank, line, lineStart: blank, recordLine: line };

  const fields = [readField(cursor)];
  while (text[cursor.position] === ",") {
    cursor.position++;
    fields.push(readField(cursor));
  }
  return fields;
}

/** Reads up to, not including, the comma or line end behind the field. */
function readField(cursor: Cursor): string {
  if (cursor.text[cursor.position] === '"') return readQuoted(cursor);

  const field = /^[^,\n]*/.exec(cursor.text.slice(cursor.position))?.[0] ?? "";
  const quote = field.indexOf('"');
  if (quote >= 0) throw failure(cursor, cursor.position + quote, 'bare " in non-quoted-field');
  cursor.position += field.length;
  return field;
}

function readQuoted(cursor: Cursor): string {
  const { text } = cursor;
  let field = "";
  for (cursor.position++; cursor.position < text.length; cursor.position++) {
    const character = text[cursor.position];
    const next = text[cursor.position + 1];
    if (character === '"' && next !== '"') {
      if (next !== undefined && next !== "," && next !== "\n") {
        throw failure(cursor, cursor.position, 'extraneous or missing " in quoted-field');
      }
      cursor.position++;
      return field;
    }
    if (character === '"') cursor.position++;
    if (character === "\n" && next !== undefined) {
      cursor.line++;
      cursor.lineStart = cursor.position + 1;
    }
    field += character;
  }
  throw failure(cursor, text.length, 'extraneous or missing " in quoted-field');
}

function failure(cursor: Cursor, position: number, problem: string): CliError {
  const before = cursor.text.slice(cursor.lineStart, position);
  const column = new TextEncoder().encode(before).length + 1;
  const record = cursor.line === cursor.recordLine ? "" : `record on line ${cursor.recordLine}; `;
  return new CliError(`${record}parse error on line ${cursor.line}, column ${column}: ${problem}`);
}
