/** The files of a plugin on their way from a source to the plugin folder: in memory, within limits, below one folder. */

import { concatBytes } from "../../core/bytes.ts";
import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";

/** Contents by their paths relative to the plugin's folder, with slashes. */
export type PluginFiles = ReadonlyMap<string, Uint8Array>;

/** Files being gathered; whatever gives them names and sizes is not trusted. */
export interface GatheredFiles {
  readonly files: PluginFiles;
  /**
   * Takes one file.
   *
   * @throws {CliError} for a path that leaves the folder or is there already, and above the limits
   */
  add(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
}

/** Far above what a plugin of plain source files needs. */
export const maxPluginBytes = 32 * 1024 * 1024;
const maxPluginFiles = 1000;

/** Begins with none. */
export function gatherFiles(): GatheredFiles {
  const files = new Map<string, Uint8Array>();
  let totalBytes = 0;
  return {
    files,
    async add(path, content) {
      const place = placeOf(path);
      if (files.has(place)) throw new CliError(`the file ${goQuote(place)} is in it twice`);
      if (files.size === maxPluginFiles) {
        throw new CliError(`there are more than ${maxPluginFiles} files in it`);
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) {
        totalBytes += chunk.length;
        if (totalBytes > maxPluginBytes) throw tooLarge();
        chunks.push(chunk.slice());
      }
      files.set(place, concatBytes(chunks));
    },
  };
}

/** The error of a source with more than {@linkcode maxPluginBytes}. */
export function tooLarge(): CliError {
  return new CliError(`it is larger than ${maxPluginBytes / 1024 / 1024} MiB`);
}

/** The path without `.` and doubled slashes. */
function placeOf(path: string): string {
  const parts = path.split("/").filter((part, at) => part !== "." && (part !== "" || at === 0));
  const isInside = parts.length > 0 && !parts.includes("..") && parts[0] !== "";
  // Backslashes and colons separate and name drives on Windows.
  // deno-lint-ignore no-control-regex -- what no name of a file holds
  if (isInside && !/[\\:\0-\x1f]/.test(path)) return parts.join("/");
  throw new CliError(`the file ${goQuote(path)} would be outside the plugin's folder`);
}
