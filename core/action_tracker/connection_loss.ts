/** Which failures mean that a node is away for the moment, so that it is asked again. */

import { CliError, RpcError } from "../errors.ts";

/** A stream that a server ended without a failure. */
export class StreamEnd extends CliError {
  /** Its text is the official client's. */
  constructor() {
    super("EOF");
  }
}

/** Whether a node was not there to answer, or has gone while it did. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof StreamEnd) return true;
  return error instanceof RpcError && (error.code === "Unavailable" || error.code === "Canceled");
}
