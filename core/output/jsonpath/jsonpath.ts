/** jsonpath as commands use it: templates for table columns and for `-o jsonpath=`. */

import { CliError } from "../../errors.ts";
import { toValue, type Value } from "../value.ts";
import { Template } from "./find.ts";
import { parseTemplate } from "./parse.ts";
import { cellText, lineText } from "./text.ts";

/**
 * Compiles the template of `--output jsonpath=…`.
 *
 * @returns What prints a record: every result and every piece of text on a line of its own, the
 * empty string where there is none. It throws a {@linkcode CliError} for what is not there.
 * @throws {CliError} for a template that cannot be read.
 *
 * @example
 * ```ts
 * const print = compileJsonpath("{.spec.addresses[*]}");
 * const text = print({ spec: { addresses: ["10.5.0.2", "10.5.0.3"] } });
 * if (text !== "10.5.0.2\n10.5.0.3\n") throw new Error(text);
 * ```
 */
export function compileJsonpath(template: string): (record: unknown) => string {
  const steps = parseOutputTemplate(template);
  return (record) => linesOf(new Template(steps, { isMissingAllowed: false }), toValue(record));
}

/**
 * As {@linkcode compileJsonpath}, but a `{range}` works for the first value alone, and the template
 * fails for all further ones: the quirk of `get` (spec/resources.md, 6.3).
 */
export function compileOnceRangingJsonpath(template: string): (value: Value) => string {
  const compiled = new Template(parseOutputTemplate(template), { isMissingAllowed: false });
  return (value) => linesOf(compiled, value);
}

/**
 * Compiles the template of a table column: what is not there gives the empty string, and several
 * results are parted by a blank (spec/resources.md, 6.2).
 *
 * @throws {CliError} with the dialect's bare text, here and when the cell is made.
 */
export function compileColumn(template: string): (value: Value) => string {
  const steps = parseTemplate(template);
  return (value) =>
    new Template(steps, { isMissingAllowed: true }).find(value)
      .map((results) => results.map(cellText).join(" ")).join("");
}

function parseOutputTemplate(template: string) {
  return explained("error parsing jsonpath", () => parseTemplate(template));
}

function linesOf(template: Template, value: Value): string {
  const results = explained("error finding result for jsonpath", () => template.find(value));
  return results.flat().map((result) => lineText(result) + "\n").join("");
}

function explained<T>(what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`${what}: ${error.message}`, { cause: error });
  }
}
