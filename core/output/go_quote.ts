/** Text in double quotes as Go writes it: how errors of the official client name a value. */

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);

/** Text that is quoted as it is: most of it, and the pattern for all of Unicode takes 1.5 ms. */
const plainText = /^[ !#-[\]-~]*$/;

/**
 * Quotes a text (spec/cli.md, 3.1): escapes for quotes, backslashes and what cannot be printed.
 *
 * A lone surrogate, which has no bytes in UTF-8, shows as the replacement character U+FFFD.
 *
 * @example
 * ```ts
 * if (goQuote('say "hi"\n') !== '"say \\"hi\\"\\n"') throw new Error("not quoted");
 * ```
 */
export function goQuote(text: string): string {
  if (plainText.test(text)) return `"${text}"`;
  // What Go calls printable: letters, marks, numbers, punctuation, symbols and the ASCII blank.
  const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
  let quoted = "";
  for (const character of text.toWellFormed()) {
    quoted += shortEscapes.get(character) ??
      (printable.test(character) ? character : escapeCharacter(character));
  }
  return `"${quoted}"`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return "\\x" + digits.padStart(2, "0");
  return code <= 0xffff ? "\\u" + digits.padStart(4, "0") : "\\U" + digits.padStart(8, "0");
}
