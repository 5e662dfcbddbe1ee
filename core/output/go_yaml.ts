/** YAML as Go programs write it, byte for byte: what configurations, `-o yaml` and kubeconfigs share. */

import { goFloat } from "./go_float.ts";
import { scalarStyle, writeScalar } from "./go_yaml_scalar.ts";

/** How {@linkcode toGoYaml} lays a document out. */
export interface GoYamlOptions {
  /** Columns a level; default 4. */
  indent?: number;
  /** A list under a key is one level deeper than the key (default), or in its column. */
  sequenceIndent?: boolean;
  /** Folds strings at the first single space beyond this column; default never. `-o yaml` takes 80. */
  lineWidth?: number;
  /** Quotes of `yes`, `12:30` and `<<`; default `single`, kubeconfigs take `double`. */
  oldTypeQuotes?: "single" | "double";
  /** Whole numbers print as floats do, with an exponent from a million on; default false. */
  numbersAreFloats?: boolean;
}

const plainText = Symbol("plain text of YAML");

/** Marks a text that is written as it stands, without quotes, such as `0o644`. */
export function plainYaml(text: string): object {
  return { [plainText]: text };
}

const commentedNode = Symbol("a value with comments");

/** Comments around a value that stands under a key: lines that begin with `#`, not yet indented. */
export interface YamlComments {
  /** The line above the key. */
  above?: string;
  /** After the value on its line; after the indicator of a literal block. */
  beside?: string;
  /** The lines below the value, in the column of its key; an empty one stays empty. */
  below?: readonly string[];
}

/** A value with its comments; they are written where it stands under a key, and nowhere else. */
export function withComments(value: unknown, comments: YamlComments): object {
  return { [commentedNode]: { value, comments } };
}

function readComments(item: unknown): { value: unknown; comments: YamlComments } {
  const isCommented = typeof item === "object" && item !== null && commentedNode in item;
  if (!isCommented) return { value: item, comments: {} };
  return item[commentedNode] as { value: unknown; comments: YamlComments };
}

/** The place of a node: its column, and what stands before it on the line. */
interface Place {
  /** Column of the mapping or sequence that holds the node; -1 at the top. */
  column: number;
  /** What stands on the line so far ends at this column. */
  used: number;
  holder: "top" | "mapping" | "sequence";
}

/**
 * Writes a value as one YAML document (spec/client.md, 1.3; spec/resources.md, 7.1).
 *
 * Objects and Maps keep the order of their keys, and a key whose value is `undefined` is left out.
 * Dates are times, in UTC with as many decimals as they need.
 * Integers print without an exponent, other numbers as Go's shortest form.
 *
 * @returns The document with one newline at its end, and without a `---` line.
 * @throws TypeError for functions, symbols and what else has no form in YAML.
 *
 * @example
 * ```ts
 * const text = toGoYaml({ context: "prod", nodes: ["1234", "10.5.0.2"], proxies: [] });
 * if (text !== 'context: prod\nnodes:\n    - "1234"\n    - 10.5.0.2\nproxies: []\n') throw new Error(text);
 * ```
 */
export function toGoYaml(value: unknown, options: GoYamlOptions = {}): string {
  const layout: Required<GoYamlOptions> = {
    indent: options.indent ?? 4,
    sequenceIndent: options.sequenceIndent ?? true,
    lineWidth: options.lineWidth ?? Infinity,
    oldTypeQuotes: options.oldTypeQuotes ?? "single",
    numbersAreFloats: options.numbersAreFloats ?? false,
  };
  const text = writeNode(value, { column: -1, used: -1, holder: "top" }, layout);
  // Every node starts with the blank or newline that parts it from its key; the top one has no key.
  return text.slice(1) + "\n";
}

/** A node, from the blank or newline that parts it from what is before it. */
function writeNode(value: unknown, place: Place, layout: Required<GoYamlOptions>): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? " []" : writeSequence(value, place, layout);
  }
  if (typeof value === "object" && value !== null && plainText in value) {
    return ` ${value[plainText]}`;
  }
  const entries = entriesOf(value);
  if (entries !== undefined) {
    return entries.length === 0 ? " {}" : writeMapping(entries, place, layout);
  }
  if (typeof value !== "string") return " " + writeConstant(value, layout);

  const text = value.toWellFormed();
  // Readers disagree on what the indentation of a literal counts from when nothing holds it.
  const isAmbiguous = place.holder === "top" && /^\n* /.test(text);
  const style = isAmbiguous ? "double" : scalarStyle(text, layout);
  return " " + writeScalar(text, style, {
    column: place.used + 1,
    indent: place.holder === "top" ? layout.indent : columnInside(place, layout),
    parentIndent: place.column,
    lineWidth: layout.lineWidth,
  });
}

/** The key-value pairs of what becomes a mapping, else nothing. */
function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "object" || value === null || value instanceof Date) return undefined;
  const pairs = value instanceof Map ? Array.from(value.entries()) : Object.entries(value);
  return pairs.flatMap(([key, item]) => item === undefined ? [] : [[String(key), item]]);
}

function writeConstant(value: unknown, { numbersAreFloats }: GoYamlOptions): string {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) && !numbersAreFloats
        ? String(value)
        : goFloat(value, yamlSpecialNumbers);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return value instanceof Date ? value.toISOString().replace(/\.?0+Z$/, "Z") : "null";
    case "undefined":
      return "null";
    default:
      throw new TypeError(`write YAML: a ${typeof value} has no form in YAML`);
  }
}

const yamlSpecialNumbers = { infinity: ".inf", minusInfinity: "-.inf", notANumber: ".nan" };

/** The column of what is inside a node: two after a dash, else the next multiple of the indent. */
function columnInside({ column, holder }: Place, { indent }: Required<GoYamlOptions>): number {
  if (holder === "top") return 0;
  return holder === "sequence" ? column + 2 : indent * Math.floor((column + indent) / indent);
}

/** Inside a list the first line goes beside the dash, elsewhere all lines go below. */
function lineStart(column: number, holder: Place["holder"], isFirst: boolean): string {
  return isFirst && holder === "sequence" ? " " : "\n" + " ".repeat(column);
}

function writeSequence(
  items: readonly unknown[],
  place: Place,
  layout: Required<GoYamlOptions>,
): string {
  const isLevel = place.holder === "mapping" && !layout.sequenceIndent;
  const column = isLevel ? place.column : columnInside(place, layout);
  return items.map((item, index) =>
    lineStart(column, place.holder, index === 0) + "-" +
    writeNode(item, { column, used: column + 1, holder: "sequence" }, layout)
  ).join("");
}

function writeMapping(
  entries: readonly [string, unknown][],
  place: Place,
  layout: Required<GoYamlOptions>,
): string {
  const column = columnInside(place, layout);
  return entries.map(([key, item], index) => {
    const { value, comments } = readComments(item);
    const start = lineStart(column, place.holder, index === 0);
    const above = comments.above === undefined
      ? ""
      : comments.above + lineStart(column, "mapping", true);
    const keyText = writeKey(key, column, layout);
    const used = column + Array.from(keyText).length;
    const node = writeNode(value, { column, used, holder: "mapping" }, layout);
    return start + above + keyText + addComments(node, column, comments);
  }).join("");
}

function addComments(node: string, column: number, { beside, below = [] }: YamlComments): string {
  if (beside === undefined && below.length === 0) return node;
  const [first = "", ...others] = node.split("\n");
  const lines = [beside === undefined ? first : `${first} ${beside}`, ...others];
  // A literal block that keeps its last newlines would take an empty line for one more.
  const endsOpen = node.endsWith("\n");
  for (const [index, comment] of below.entries()) {
    const line = index === 0 && endsOpen && comment === "" ? "#" : comment;
    lines.push(line === "" ? "" : " ".repeat(column) + line);
  }
  return lines.join("\n");
}

/** The longest key, in bytes of UTF-8, that Go's writer puts before its colon without `? `. */
const simpleKeyBytes = 128;

function writeKey(key: string, column: number, layout: Required<GoYamlOptions>): string {
  const text = key.toWellFormed();
  const style = scalarStyle(text, { isKey: true, oldTypeQuotes: layout.oldTypeQuotes });
  const place = { column, indent: column, parentIndent: column, lineWidth: Infinity };
  const written = writeScalar(text, style, place);
  // A unit of the text is at most three bytes: most keys need not be encoded to be known as short.
  const isSimple = text.length * 3 <= simpleKeyBytes ||
    new TextEncoder().encode(text).length <= simpleKeyBytes;
  return isSimple ? `${written}:` : `? ${written}\n${" ".repeat(column)}:`;
}
