/** JSON as Go programs write it, and the JSON form of protobuf messages. */

import { CliError } from "../errors.ts";
import { compareCodePoints } from "./code_point_order.ts";

/** How {@linkcode toGoJson} lays a document out. */
export interface GoJsonOptions {
  /** Blanks a level; default 0, which puts all on one line without blanks. */
  indent?: number;
  /** Keys in the order of their code points at all levels; default as given. */
  sortKeys?: boolean;
}

/**
 * Writes a value as Go's JSON encoder does (spec/client.md, 2.4; spec/resources.md, 5.4): `<`, `>`,
 * `&` and the Unicode line separators escaped, bytes as base64, 64-bit integers (bigint) in full.
 *
 * Keys whose value is `undefined` are left out.
 *
 * @returns The document without a newline at its end.
 * @throws {CliError} for numbers that are not finite, with Go's text.
 *
 * @example
 * ```ts
 * if (toGoJson({ note: "a<b", nodes: [] }) !== '{"note":"a\\u003cb","nodes":[]}') throw new Error();
 * ```
 */
export function toGoJson(value: unknown, options: GoJsonOptions = {}): string {
  return writeValue(value, "\n", {
    indent: options.indent ?? 0,
    sortKeys: options.sortKeys ?? false,
  });
}

/** `lineBreak` is the newline and indentation of the value's own level. */
function writeValue(value: unknown, lineBreak: string, layout: Required<GoJsonOptions>): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => writeValue(item, deeper(lineBreak, layout), layout));
    return enclose("[", items, "]", { lineBreak, layout });
  }
  if (value instanceof Uint8Array) return `"${value.toBase64()}"`;
  if (typeof value === "object" && value !== null) {
    const colon = layout.indent === 0 ? ":" : ": ";
    const members = membersOf(value, layout.sortKeys).map(([key, item]) =>
      writeString(key) + colon + writeValue(item, deeper(lineBreak, layout), layout)
    );
    return enclose("{", members, "}", { lineBreak, layout });
  }
  return writeScalar(value);
}

function membersOf(value: object, sortKeys: boolean): [string, unknown][] {
  const pairs: [unknown, unknown][] = value instanceof Map
    ? Array.from(value.entries())
    : Object.entries(value);
  const members = pairs.flatMap(([key, item]): [string, unknown][] =>
    item === undefined ? [] : [[String(key), item]]
  );
  return sortKeys ? members.sort(([left], [right]) => compareCodePoints(left, right)) : members;
}

function deeper(lineBreak: string, { indent }: Required<GoJsonOptions>): string {
  return lineBreak + " ".repeat(indent);
}

function enclose(
  open: string,
  items: readonly string[],
  close: string,
  { lineBreak, layout }: { lineBreak: string; layout: Required<GoJsonOptions> },
): string {
  if (items.length === 0) return open + close;
  if (layout.indent === 0) return open + items.join(",") + close;
  const inner = deeper(lineBreak, layout);
  return open + inner + items.join("," + inner) + lineBreak + close;
}

function writeScalar(value: unknown): string {
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "number":
      if (!Number.isFinite(value)) {
        const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        throw new CliError(`json: unsupported value: ${name}`);
      }
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
    case "undefined":
      return "null";
    default:
      throw new TypeError(`write JSON: a ${typeof value} has no form in JSON`);
  }
}

/** The two languages agree on control characters; Go also escapes what HTML and JavaScript read. */
function writeString(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[<>&\u2028\u2029]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/**
 * A message in the JSON form of protobuf, on one line without blanks (spec/cli.md, 9): names in
 * camelCase, what holds its default value left out, bytes as base64.
 *
 * Names of enum values and 64-bit integers are text, which cannot be told from other text: fields
 * that hold the same as in `defaults` are left out too.
 *
 * @param defaults The message with all defaults, as its codec's `fromPartial({})` gives it; it
 * covers the fields of the message itself, not those of messages inside.
 */
export function protobufJson(message: object, defaults: object = {}): string {
  return JSON.stringify(message, function (this: object, key: string, value: unknown) {
    if (value instanceof Uint8Array) return value.length === 0 ? undefined : value.toBase64();
    if (key === "" || Array.isArray(this)) return value;
    if (Array.isArray(value)) return value.length === 0 ? undefined : value;
    const isDefault = value === 0 || value === "" || value === false ||
      (this === message && value === Reflect.get(defaults, key));
    return isDefault ? undefined : value;
  });
}
