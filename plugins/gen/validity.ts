/** How long a certificate is valid, from hours that a user chose. */

import { CliError } from "../../core/errors.ts";
import type { Validity } from "../../core/pki/authority.ts";

const hourMs = 3_600_000;
/** Certificates write years with four digits. */
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * From now on, for so many hours.
 *
 * @throws {CliError} when a certificate cannot say when that ends
 */
export function validFor(hours: number, now: Date): Validity {
  const lifetimeMs = hours * hourMs;
  if (now.getTime() + lifetimeMs > lastMs) {
    throw new CliError(`certificate valid for ${hours} hours: that ends after the year 9999`);
  }
  return { notBefore: now, lifetimeMs };
}
