/** Reading the keys, certificates and requests that `gen` commands work on. */

import { withPrefix } from "../../core/error_prefix.ts";
import { CliError } from "../../core/errors.ts";
import { readBounded } from "../../core/files/read_bounded.ts";
import { decodePem, type PemContent } from "../../core/pki/pem.ts";

/** Far more than any key or certificate takes. */
const maxSizeBytes = 1024 * 1024;

/** How errors of one file begin: that of reading it, and that of finding no PEM block in it. */
export interface PemFileErrors {
  reading: string;
  noPem: string;
}

/**
 * The first PEM block of a file.
 *
 * @throws {CliError} `<reading>: <system's error>`, or `noPem`
 */
export async function readPemFile(path: string, errors: PemFileErrors): Promise<PemContent> {
  const bytes = await withPrefix(errors.reading, readBounded(path, maxSizeBytes));
  const block = decodePem(new TextDecoder().decode(bytes));
  if (block === undefined) throw new CliError(errors.noPem);
  return block;
}
