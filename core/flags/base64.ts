/** Base64 with the standard alphabet and padding; unlike `atob` it says where it is wrong. */

import { CliError } from "../errors.ts";

const padding = "=";

/**
 * Decodes base64; line ends inside are skipped.
 *
 * @throws {CliError} `illegal base64 data at input byte <n>`, as Go counts (spec/cli.md, 6.4).
 */
export function parseBase64(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const characters = [...bytes].map((byte, position) => ({
    character: String.fromCharCode(byte),
    position,
  })).filter(({ character }) => character !== "\n" && character !== "\r");
  const fail = (position: number) => new CliError(`illegal base64 data at input byte ${position}`);

  const wrong = characters.findIndex(({ character }) => !/[A-Za-z0-9+/]/.test(character));
  const dataLength = wrong < 0 ? characters.length : wrong;
  const positionAt = (index: number) => characters[index]?.position ?? bytes.length;
  if (wrong < 0) {
    // Go names the start of the group that lacks something.
    if (dataLength % 4 !== 0) throw fail(bytes.length - dataLength % 4);
  } else {
    const paddingLength = 4 - dataLength % 4;
    if (characters[wrong]?.character !== padding || paddingLength > 2) {
      throw fail(positionAt(wrong));
    }
    if (paddingLength === 2 && characters[wrong + 1]?.character !== padding) {
      throw fail(wrong + 1 < characters.length ? positionAt(wrong + 1) - 1 : bytes.length);
    }
    if (characters.length > wrong + paddingLength) throw fail(positionAt(wrong + paddingLength));
  }

  const clean = characters.map(({ character }) => character).join("");
  return Uint8Array.from(atob(clean), (character) => character.charCodeAt(0));
}
