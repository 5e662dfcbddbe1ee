/** What nodes send is not trusted: on a terminal its control characters are shown, never obeyed. */

/**
 * C0 but tab and newline, DEL, C1, what turns the direction of writing or separates lines, and halves
 * of surrogate pairs.
 */
const obeyed =
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/**
 * Makes text safe for a terminal: an escape sequence comes out as `\x1b[31m`, a turned direction as
 * `\u202e`, while tabs, newlines and all other text stay.
 */
export function escapeControls(text: string): string {
  return text.replace(obeyed, (character) => {
    const code = character.charCodeAt(0);
    const digits = code.toString(16);
    // Below U+0080 Go writes \x; a C1 character is not one byte of UTF-8, so it takes \u.
    return code < 0x80 ? "\\x" + digits.padStart(2, "0") : "\\u" + digits.padStart(4, "0");
  });
}
