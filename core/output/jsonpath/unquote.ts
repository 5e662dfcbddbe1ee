/** Quoted texts inside an action: the escapes of Go, in quotes of either kind. */

import { CliError } from "../../errors.ts";

const shortEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

const escape =
  /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|([^xuU\d])|)/g;

/**
 * Takes the quotes off and replaces the escapes.
 *
 * @throws {CliError} for an escape that Go does not know.
 */
export function unquote(quoted: string): string {
  const refuse = () => new CliError(`unquote string ${quoted} error invalid syntax`);
  return quoted.slice(1, -1).replaceAll(
    escape,
    (_, byte?: string, short?: string, long?: string, octal?: string, letter?: string) => {
      if (letter !== undefined) {
        const character = shortEscapes[letter];
        if (character === undefined) throw refuse();
        return character;
      }
      const hex = byte ?? short ?? long;
      const code = hex !== undefined ? parseInt(hex, 16) : parseInt(octal ?? "", 8);
      if (Number.isNaN(code) || code > 0x10ffff) throw refuse();
      return String.fromCodePoint(code);
    },
  );
}
