/** From the bytes of a YAML file to its text. */

import { CliError } from "../errors.ts";

/** @throws {CliError} with the text of Go's YAML library, where the bytes are not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  // The strict decoder takes six times the time and, while it works, twice the memory of the text.
  if (!text.includes("\uFFFD")) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError("go-yaml load error in reader at <unknown position>: invalid UTF-8", {
      cause,
    });
  }
}
