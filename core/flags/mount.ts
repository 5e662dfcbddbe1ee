/** Docker's `--mount` syntax: one CSV record of `key=value`. The provisioner reads the values. */

import { CliError } from "../errors.ts";
import { parseCsvRecord } from "./csv.ts";

const keys = [
  ["type", "source", "src", "target", "dst", "destination", "consistency"],
  ["bind-propagation", "bind-recursive", "volume-subpath", "volume-label", "volume-driver"],
  ["volume-opt", "image-subpath", "tmpfs-size", "tmpfs-mode"],
].flat();

/** Keys that need no value. */
const switches = ["readonly", "ro", "volume-nocopy", "bind-nonrecursive"];

/**
 * Checks the shape of a mount.
 *
 * @returns The text itself.
 * @throws {CliError} with Docker's text.
 */
export function checkMount(text: string): string {
  let hasTarget = false;
  for (const field of parseCsvRecord(text)) {
    const [key = "", value] = field.split(/=(.*)/s);
    const name = key.toLowerCase();
    if (value === undefined && !switches.includes(name)) {
      throw new CliError(`invalid field '${field}' must be a key=value pair`);
    }
    if (!keys.includes(name) && !switches.includes(name)) {
      throw new CliError(`unexpected key '${key}' in '${field}'`);
    }
    if (name === "type" && value === "") throw new CliError("type is required");
    hasTarget ||= ["target", "dst", "destination"].includes(name) && value !== "";
  }
  if (!hasTarget) throw new CliError("target is required");
  return text;
}
