/**
 * The few calls of the Kubernetes API that draining takes, over `fetch`: a client library would bring some hundred times
 * the code for eight paths whose form Kubernetes keeps, and a second HTTP stack with it.
 */

import { CliError } from "../errors.ts";
import type { KubernetesAccess } from "./admin_access.ts";

/** An answer that is a failure, or none at all. */
export class KubernetesError extends CliError {
  /** The HTTP status; 0 where nobody answered. */
  readonly status: number;

  constructor(status: number, text: string, cause?: unknown) {
    super(text, { cause });
    this.status = status;
  }
}

/** What to ask. */
export interface KubernetesRequest {
  method?: "GET" | "PATCH" | "POST" | "DELETE";
  /** Sent as JSON; a patch is merged. */
  body?: unknown;
  signal: AbortSignal;
}

/** A Kubernetes API; disposing of it closes its connections. */
export interface KubernetesClient extends Disposable {
  /**
   * The JSON that it answers.
   *
   * @throws {KubernetesError} in the words of the API
   * @throws {CliError} `context canceled` once the signal aborts
   */
  request(path: string, request: KubernetesRequest): Promise<unknown>;
}

/** An API that accepts connections and says nothing is given up after that. */
const requestTimeoutMs = 30_000;

/** Opens nothing yet: the first request connects. */
export function createKubernetesClient(access: KubernetesAccess): KubernetesClient {
  const client = Deno.createHttpClient({
    caCerts: [access.authorityPem],
    cert: access.certificatePem,
    key: access.keyPem,
  });
  return {
    request: (path, request) => send(client, `${access.server}${path}`, request),
    [Symbol.dispose]: () => client.close(),
  };
}

async function send(
  client: Deno.HttpClient,
  url: string,
  { method = "GET", body, signal }: KubernetesRequest,
): Promise<unknown> {
  const isPatch = method === "PATCH";
  const type = isPatch ? "application/merge-patch+json" : "application/json";
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  let answer: { status: number; text: string };
  try {
    const response = await fetch(url, {
      client,
      method,
      signal: AbortSignal.any([signal, timeout]),
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    answer = { status: response.status, text: await response.text() };
  } catch (cause) {
    if (signal.aborted) throw new CliError("context canceled", { cause });
    const reason = timeout.aborted ? "context deadline exceeded" : reasonOf(cause);
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    throw new KubernetesError(0, `${verb} "${url}": ${reason}`, cause);
  }
  const { status, text } = answer;
  const value = readJson(text);
  if (status >= 400) throw new KubernetesError(status, messageOf(value) ?? `HTTP status ${status}`);
  if (value === undefined) throw new KubernetesError(status, `${url} did not answer in JSON`);
  return value;
}

/** The runtime's own reason is one level below; without the address, which stands in front already. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause ?? cause : cause;
  const message = inner instanceof Error ? inner.message : String(inner);
  return message.replace(/^error sending request for url \(\S+\): /, "");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page, or nothing: the caller says so
  }
}

function messageOf(value: unknown): string | undefined {
  const message = typeof value === "object" && value !== null
    ? Reflect.get(value, "message")
    : undefined;
  return typeof message === "string" && message !== "" ? message : undefined;
}
