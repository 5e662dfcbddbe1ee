/** The files of a tar archive. tar-stream reads it: the headers of long names and odd sizes are its business. */

import { CliError } from "../../core/errors.ts";
import { goQuote } from "../../core/output/go_quote.ts";
import type { GatheredFiles } from "./gathered_files.ts";

/** Entries that describe the archive and are no files of it. */
const descriptions: readonly unknown[] = ["pax-header", "pax-global-header"];

/**
 * Adds all files of an archive.
 *
 * @throws {CliError} for anything that is neither file nor folder, and for what is no archive
 */
export async function unpackTar(bytes: Uint8Array, gathered: GatheredFiles): Promise<void> {
  const { default: tar } = await import("tar-stream");
  const extract = tar.extract();
  extract.end(bytes);
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      // The library reads bytes, and its types do not say so.
      const content = entry as AsyncIterable<Uint8Array>;
      if (type === "file" || type === "contiguous-file") await gathered.add(name, content);
      else if (type === "directory" || descriptions.includes(type)) {
        for await (const _ of content);
      } else throw new CliError(`the entry ${goQuote(name)} is a ${type}, not a file or folder`);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`it is no whole tar archive: ${reason}`, { cause });
  }
}
