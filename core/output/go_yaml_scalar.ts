/** Scalars of Go's YAML writer: which style a text gets, and how it is then written and folded. */

/** How a scalar stands in the document. */
export type ScalarStyle = "plain" | "single" | "double" | "literal";

/** Where a scalar is written. */
export interface ScalarPlace {
  /** Columns already used on the line. */
  column: number;
  /** Column of continuation and literal lines. */
  indent: number;
  /** Column of the node that holds the scalar. */
  parentIndent: number;
  /** Lines are folded at the first single space beyond it. */
  lineWidth: number;
}

const number = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const prefixedInteger = /^[-+]?0(x[\da-f]+|o[0-7]+|b[01]+)$/i;
const constant = /^(|~|null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;
const notFinite = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const timestamp =
  /^\d{4}-\d\d?-\d\d?([Tt]\d\d?:\d\d?:\d\d?(\.\d+)?(Z|[-+]\d\d:\d\d)|[ ]\d\d?:\d\d?:\d\d?(\.\d+)?)?$/;
const oldBoolean = /^(y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/;
const sexagesimal = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/;

const indicatorAtStart = /^([#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:]([ \t]|$))/;
const indicatorInside = /:([ \t]|$)|[ \t]#/;
/** What Go's YAML holds for not printable, which takes in all beyond U+FFFF. */
const unprintable =
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|[\u{10000}-\u{10ffff}]/u;

/** The line separators of Unicode, which Go's writer takes for line breaks. */
const separator = /[\u2028\u2029]/;

/** Most texts, of which no other pattern needs to be asked: it takes each its time to be compiled. */
const plainWord = /^[A-Za-z][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*$/;
const meaningfulWord = /^(null|true|false|y|yes|n|no|on|off)$/i;

/** Whether plain text would be read as null, a boolean, a number or a time by today's YAML. */
function readsAsOtherType(text: string): boolean {
  if (constant.test(text) || notFinite.test(text) || timestamp.test(text)) return true;
  if (!/^[-+.\d]/.test(text)) return false;
  const digits = text.startsWith(".") ? text : text.replaceAll("_", "");
  return number.test(digits) || prefixedInteger.test(digits);
}

/** Whether plain text would be read as another type by YAML 1.1 alone: `yes`, `12:30`, `<<`. */
function readsAsOldType(text: string): boolean {
  return text === "<<" || oldBoolean.test(text) || sexagesimal.test(text);
}

/**
 * The style Go's YAML writer gives a string (spec/machine-config.md, 7.1): plain where it reads back
 * as the same string, a literal block for several lines, quotes otherwise.
 *
 * @param options.isKey A mapping key is never a literal block.
 * @param options.oldTypeQuotes Quotes of what only YAML 1.1 takes for a boolean, a base-60 number or
 * a merge key: `single` by default, `double` in kubeconfigs (spec/kubeconfig.md, 7).
 * @param options.isUntyped Plain also where it reads back as another type (spec/resources.md, 5.3).
 */
export function scalarStyle(
  text: string,
  options: { isKey?: boolean; oldTypeQuotes?: "single" | "double"; isUntyped?: boolean } = {},
): ScalarStyle {
  if (plainWord.test(text) && !meaningfulWord.test(text)) return "plain";
  const isSpecial = unprintable.test(text) || / [\n\u2028\u2029]|[\u2028\u2029] /.test(text);
  if (text.includes("\n")) {
    const fitsBlock = !isSpecial && !text.endsWith(" ") && /\S/.test(text) &&
      !separator.test(text);
    return fitsBlock && options.isKey !== true ? "literal" : "double";
  }
  if (isSpecial || text.includes("\t")) return "double";
  if (options.isUntyped !== true) {
    if (readsAsOtherType(text)) return "double";
    if (readsAsOldType(text)) return options.oldTypeQuotes ?? "single";
  }
  const isPlain = !separator.test(text) && !indicatorAtStart.test(text) &&
    !indicatorInside.test(text) &&
    !text.startsWith(" ") && !text.endsWith(" ");
  return isPlain ? "plain" : "single";
}

/**
 * Writes a string in a style that {@linkcode scalarStyle} allows for it, without a newline at its end.
 *
 * @returns The text from the scalar's first character on; further lines carry their indentation.
 */
export function writeScalar(text: string, style: ScalarStyle, place: ScalarPlace): string {
  switch (style) {
    case "plain":
      return fold(text, "", place);
    case "single":
      return fold(indentSeparated(text.replaceAll("'", "''"), place.indent), "'", place);
    case "double":
      return fold(escapeDouble(text), '"', place);
    case "literal":
      return writeLiteral(text, place);
  }
}

/** Go's writer goes on at the indentation after a line separator (golden `patch-sm-scalars`). */
function indentSeparated(text: string, indent: number): string {
  return text.replace(/[\u2028\u2029]+(?=.)/g, (breaks) => breaks + " ".repeat(indent));
}

/** Breaks at the first single space after the width is used up (spec/resources.md, 7.1). */
function fold(text: string, quote: string, { column, indent, lineWidth }: ScalarPlace): string {
  if (column + text.length <= lineWidth) return quote + text + quote;

  let written = quote;
  let used = column + quote.length;
  const characters = Array.from(text);
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    const canBreak = character === " " && used > lineWidth && index > 0 &&
      characters[index - 1] !== " " && next !== undefined && next !== " ";
    written += canBreak ? "\n" + " ".repeat(indent) : character;
    used = canBreak ? indent : used + 1;
  }
  return written + quote;
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x1b, "\\e"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x85, "\\N"],
  [0x2028, "\\L"],
  [0x2029, "\\P"],
]);

function escapeDouble(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const short = shortEscapes.get(code);
    if (short !== undefined) escaped += short;
    else if (unprintable.test(character)) escaped += escapeCode(code);
    else escaped += character;
  }
  return escaped;
}

function escapeCode(code: number): string {
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return "\\x" + digits.padStart(2, "0");
  return code <= 0xffff ? "\\u" + digits.padStart(4, "0") : "\\U" + digits.padStart(8, "0");
}

function writeLiteral(text: string, { indent, parentIndent }: ScalarPlace): string {
  // A reader guesses the indentation from the first line with text, so leading blanks must be told.
  const indicator = /^\n* /.test(text) ? String(indent - parentIndent) : "";
  const chomping = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") ? "+" : "";
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const lines = body.split("\n").map((line) => line === "" ? "" : " ".repeat(indent) + line);
  return `|${indicator}${chomping}\n${lines.join("\n")}`;
}
