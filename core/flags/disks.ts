/** The specifications of virtual disks and shared folders for QEMU clusters (spec/cli.md, 6.4). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import { parseByteSize } from "./byte_size.ts";

/**
 * Checks a list such as `virtio:10GiB:serial=a,nvme:6GiB`.
 *
 * @returns The text itself.
 * @throws {CliError} with the official client's text.
 */
export function checkDisks(text: string): string {
  if (text.trim() === "") throw new CliError("disk value must not be empty");
  for (const part of text.split(",")) checkDisk(part);
  return text;
}

function checkDisk(part: string): void {
  const [driver = "", size, ...options] = part.split(":");
  if (size === undefined) throw new CliError(`invalid disk format: ${goQuote(part)}`);
  try {
    parseByteSize(size);
  } catch (cause) {
    throw new CliError(`invalid size in disk spec: ${goQuote(part)}`, { cause });
  }
  for (const option of options) checkOption(option, driver, part);
}

function checkOption(option: string, driver: string, part: string): void {
  const [key, value] = option.split(/=(.*)/s);
  if (value === undefined) {
    throw new CliError(`invalid disk option in spec: ${goQuote(option)}: ${goQuote(part)}`);
  }
  const owner = { tag: "virtiofs", serial: "virtio" }[key ?? ""];
  if (owner === undefined) {
    throw new CliError(`unknown disk option ${goQuote(key ?? "")} in spec: ${goQuote(part)}`);
  }
  if (driver !== owner) {
    throw new CliError(
      `${key} option is only supported for [${owner}] drivers in spec: ${goQuote(part)}`,
    );
  }
}

/**
 * Checks a list such as `/srv:/run/socket`.
 *
 * @returns The text itself.
 * @throws {CliError} with the official client's text.
 */
export function checkVirtiofs(text: string): string {
  if (text.trim() === "") throw new CliError("virtiofs value must not be empty");
  const wrong = text.split(",").find((part) => !part.includes(":"));
  if (wrong !== undefined) throw new CliError(`invalid disk format: ${goQuote(wrong)}`);
  return text;
}
