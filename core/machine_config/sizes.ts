/** Sizes with units, and shares of a disk, in configuration documents. */

import { CliError } from "../errors.ts";

/** Checks a size such as `10GiB`, `100 GB`, `-5` or `30%`, and gives it back as it is. */
export function checkSize(
  text: string,
  { isPercentAllowed }: { isPercentAllowed: boolean },
): string {
  const magnitude = text.replace(/^-/, "");
  if (isPercentAllowed && magnitude.includes("%")) {
    if (!magnitude.endsWith("%")) throw new CliError("percentage must end with '%'");
    const share = Number(magnitude.slice(0, -1));
    if (!(share >= 0 && share <= 100)) {
      throw new CliError(`percentage must be between 0 and 100, got ${magnitude.slice(0, -1)}`);
    }
    return text;
  }
  if (text !== "") sizeBytes(magnitude);
  return text;
}

/** The bytes of a size without a sign; a bare number counts bytes. */
export function sizeBytes(text: string): number {
  const [, digits = "", unit = ""] = /^([\d.,]*)\s*(.*)$/.exec(text) ?? [];
  const number = Number(digits.replaceAll(",", ""));
  if (digits === "" || Number.isNaN(number)) {
    throw new CliError(`strconv.ParseFloat: parsing ${JSON.stringify(digits)}: invalid syntax`);
  }
  const [, letter, binary] = /^(?:([kmgtpe])(i?))?b?$/.exec(unit.trim().toLowerCase()) ?? ["", "?"];
  if (letter === "?") throw new CliError(`unhandled size name: ${unit.trim().toLowerCase()}`);
  if (letter === undefined) return Math.trunc(number);
  const power = "kmgtpe".indexOf(letter) + 1;
  return Math.trunc(number * (binary === "i" ? 1024 : 1000) ** power);
}

/** A size as it is compared: bytes, negative with a leading minus; nothing for none or a share. */
export function comparableSize(text: string): number | undefined {
  if (text === "" || text.includes("%")) return undefined;
  return text.startsWith("-") ? -sizeBytes(text.slice(1)) : sizeBytes(text);
}

/** Such as `100 GB`, where that is exact; else the plain number of bytes. */
export function formatDiskSize(bytes: number): string | number {
  if (bytes === 0 || bytes % 1000 !== 0) return bytes;
  const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
  let power = 0;
  let scaled = bytes;
  while (scaled >= 1000 && power < units.length - 1) {
    scaled /= 1000;
    power++;
  }
  const shown = scaled < 10 ? String(Math.round(scaled * 10) / 10) : String(Math.round(scaled));
  const text = `${shown} ${units[power]}`;
  return sizeBytes(text) === bytes ? text : bytes;
}
