/** The endpoints of a context as one: the first that answers is used, and the next when it goes (design: failover). */

import { CliError, RpcError } from "../errors.ts";
import { attemptDelayMs } from "./dial.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";
import { stagger } from "./stagger.ts";
import type { Transport } from "./transport.ts";

/** Where connections go, and how one is made. */
export interface EndpointsOptions {
  /** As the user wrote them, at least one. */
  endpoints: readonly string[];
  /** Makes a verified connection, or fails within `timeoutMs`. */
  dial(endpoint: Endpoint, timeoutMs: number, signal: AbortSignal): Promise<Transport>;
  /** Until then one endpoint has answered, or all have failed. Default 20 s. */
  connectTimeoutMs?: number;
  /** After all have failed, calls fail at once for this long. Default 1 s. */
  backoffMs?: number;
}

/** What one caller waits with. */
export interface WaitOptions {
  signal: AbortSignal;
  deadline?: Date | undefined;
}

/** Connections to one cluster: at most one at a time, shared by all calls. */
export class Endpoints {
  readonly #options: Required<EndpointsOptions>;
  readonly #candidates: readonly Endpoint[];
  readonly #life = new AbortController();
  /** Why an endpoint was of no use last time: it is tried after the others. */
  readonly #reasons = new Map<Endpoint, Error>();
  #current: { endpoint: Endpoint; transport: Transport } | undefined;
  #connecting: Promise<Transport> | undefined;
  #lastFailure: { error: unknown; atMs: number } | undefined;

  constructor(options: EndpointsOptions) {
    this.#options = { connectTimeoutMs: 20_000, backoffMs: 1_000, ...options };
    this.#candidates = shuffled(options.endpoints.map(parseEndpoint));
  }

  /** How many there are. */
  get count(): number {
    return this.#candidates.length;
  }

  /**
   * The connection in use, made when there is none.
   *
   * @throws {RpcError} when all endpoints have failed, or the caller can wait no longer
   */
  async connect(options: WaitOptions): Promise<Transport> {
    const current = this.#current;
    if (current?.transport.isUsable) return current.transport;
    if (current) {
      this.#reasons.set(current.endpoint, new Error("the connection was lost"));
      this.#current = undefined;
    }
    this.#throwRecentFailure();
    this.#connecting ??= this.#connect().finally(() => this.#connecting = undefined);
    return await waitFor(this.#connecting, options);
  }

  /** Ends all connections and attempts at once. */
  close(): void {
    this.#life.abort(new RpcError("Canceled", "grpc: the client connection is closing"));
    this.#current?.transport.close();
  }

  async #connect(): Promise<Transport> {
    const { dial, connectTimeoutMs } = this.#options;
    const endMs = performance.now() + connectTimeoutMs;
    const inOrder = [...this.#candidates].sort((a, b) =>
      Number(this.#reasons.has(a)) - Number(this.#reasons.has(b))
    );
    const failed = new Map<Endpoint, Error>();
    try {
      this.#current = await stagger(inOrder, {
        delayMs: attemptDelayMs,
        signal: this.#life.signal,
        attempt: async (endpoint, signal) => {
          const timeoutMs = Math.max(0, endMs - performance.now());
          const transport = await dial(endpoint, timeoutMs, signal);
          // Two may succeed at once; the one that is not taken is told so by its signal.
          signal.addEventListener("abort", () => transport.close(), { once: true });
          if (signal.aborted) transport.close();
          return { endpoint, transport };
        },
        onFailure: (endpoint, error) => {
          const reason = error instanceof Error ? error : new Error(String(error));
          failed.set(endpoint, reason);
          this.#reasons.set(endpoint, reason);
        },
      });
      this.#reasons.delete(this.#current.endpoint);
      return this.#current.transport;
    } catch (error) {
      const failure = withReasons(error, failed);
      this.#lastFailure = { error: failure, atMs: performance.now() };
      throw failure;
    }
  }

  #throwRecentFailure(): void {
    const failure = this.#lastFailure;
    if (failure && performance.now() - failure.atMs < this.#options.backoffMs) {
      throw failure.error;
    }
  }
}

/** The failure that came last, with a line for each endpoint as its hint where there are several. */
function withReasons(error: unknown, failed: ReadonlyMap<Endpoint, Error>): unknown {
  if (!(error instanceof RpcError) || failed.size < 2) return error;
  const lines = Array.from(failed, ([{ text }, reason]) => `endpoint ${text}: ${reasonOf(reason)}`);
  return new RpcError(error.code, error.description, { hint: lines.join("\n"), cause: error });
}

function reasonOf(reason: Error): string {
  if (reason instanceof RpcError) return reason.description;
  return reason instanceof CliError ? reason.message : String(reason);
}

/** What others began is waited for, but not longer than this caller can. */
async function waitFor<T>(promise: Promise<T>, { signal, deadline }: WaitOptions): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (code: "Canceled" | "DeadlineExceeded", what: string) =>
    reject(new RpcError(code, `context ${what} while waiting for connections to become ready`));
  const onAbort = () => giveUp("Canceled", "canceled");
  const timer = deadline &&
    setTimeout(
      () => giveUp("DeadlineExceeded", "deadline exceeded"),
      deadline.getTime() - Date.now(),
    );
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** In random order, so that many clients spread over the endpoints. */
function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(Math.random() * rest.length), 1));
  return result;
}
