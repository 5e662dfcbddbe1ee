/** A call that moves on to another endpoint when its connection breaks before anything came back (design: endpoints). */

import { RpcError, UnopenedCallError } from "../errors.ts";
import type { Endpoints } from "./endpoints.ts";
import { isReadMethod } from "./read_methods.ts";
import { NotProcessed, type Transport, type TransportCall } from "./transport.ts";

/**
 * Makes a call on the connection in use, as the transport does. Reads whose connection breaks before the first message are
 * repeated elsewhere, writes only where the server has not begun with them.
 *
 * @throws {RpcError} with the status of the last attempt; an {@linkcode UnopenedCallError} where there was none
 */
export async function* callWithFailover(
  endpoints: Endpoints,
  call: TransportCall,
): AsyncGenerator<readonly Uint8Array[]> {
  // Requests that come one by one are gone once they were sent.
  const isRepeatable = Array.isArray(call.requests);
  for (let attemptsLeft = endpoints.count - 1;; attemptsLeft--) {
    const transport = await connect(endpoints, call);
    let isAnswered = false;
    try {
      for await (const messages of transport.call(call)) {
        isAnswered = true;
        yield messages;
      }
      return;
    } catch (error) {
      if (isAnswered || !isRepeatable || attemptsLeft <= 0 || !(error instanceof RpcError)) {
        throw error;
      }
      if (error.code !== "Unavailable") throw error;
      // A stream may end a moment before its connection is known to be lost.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const isUnprocessed = error.cause instanceof NotProcessed;
      if (transport.isUsable || !(isReadMethod(call.path) || isUnprocessed)) throw error;
    }
  }
}

async function connect(endpoints: Endpoints, call: TransportCall): Promise<Transport> {
  try {
    return await endpoints.connect(call);
  } catch (error) {
    throw error instanceof RpcError ? new UnopenedCallError(error) : error;
  }
}
