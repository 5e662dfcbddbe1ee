/** By what a reboot is known: the kernel makes a new id each time it starts. */

import { concatBytes } from "../bytes.ts";
import { dataChunks } from "../client/data_stream.ts";
import { RpcError } from "../errors.ts";
import type { Machine } from "./post_checks.ts";

/**
 * The id of a node's current boot; undefined where the caller may not read it, as an operator.
 *
 * @throws {RpcError} when the node cannot be asked
 */
export async function readBootId(
  machine: Machine,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stream = machine.read({ path: "/proc/sys/kernel/random/boot_id" }, { signal });
  try {
    const bytes = concatBytes(await Array.fromAsync(dataChunks(stream)));
    return new TextDecoder().decode(bytes).trim();
  } catch (error) {
    if (error instanceof RpcError && error.code === "PermissionDenied") return undefined;
    throw error;
  }
}
