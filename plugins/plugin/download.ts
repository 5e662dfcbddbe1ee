/** Downloads of a bounded size: over https, with the certificates that this machine trusts. */

import { concatBytes } from "../../core/bytes.ts";
import { CliError } from "../../core/errors.ts";

/** How {@linkcode download} asks. */
export interface DownloadOptions {
  signal: AbortSignal;
  maxSizeBytes: number;
  /** Sent to the first server only, not to those it leads on to. */
  headers?: Readonly<Record<string, string>>;
  /** For a registry that its user has at an `http:` address. */
  isHttpAllowed?: boolean;
}

const timeoutMs = 120_000;
const maxRedirects = 5;

/**
 * The bytes at a URL.
 *
 * @throws {CliError} `downloading <url>: …`
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    const response = await follow(new URL(url), { ...options, signal });
    return await bytesOf(response, options.maxSizeBytes);
  } catch (cause) {
    const reason = options.signal.aborted
      ? "interrupted"
      : timeout.aborted
      ? `not done within ${timeoutMs / 1000} s`
      : reasonOf(cause);
    const hint = cause instanceof CliError ? cause.hint : undefined;
    throw new CliError(`downloading ${url}: ${reason}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** The runtime tells in the cause what failed, with the address, which stands in front already. */
function reasonOf(error: unknown): string {
  if (error instanceof TypeError && error.cause !== undefined) return reasonOf(error.cause);
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^error sending request for url \(\S+\): /, "");
}

/** Redirects are followed by hand: none may lead from https to http. */
async function follow(start: URL, options: DownloadOptions): Promise<Response> {
  let url = start;
  for (let count = 0; count <= maxRedirects; count++) {
    checkScheme(url, options.isHttpAllowed === true);
    const response = await fetch(url, {
      redirect: "manual",
      signal: options.signal,
      headers: url.origin === start.origin ? { ...options.headers } : {},
    });
    const next = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || next === null) {
      if (response.ok) return response;
      await response.body?.cancel();
      throw new CliError(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    await response.body?.cancel();
    url = new URL(next, url);
  }
  throw new CliError(`it was redirected more than ${maxRedirects} times`);
}

function checkScheme({ protocol }: URL, isHttpAllowed: boolean): void {
  if (protocol === "https:" || (isHttpAllowed && protocol === "http:")) return;
  throw new CliError(`plugins come over https, not over ${protocol.slice(0, -1)}`);
}

async function bytesOf(response: Response, maxSizeBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxSizeBytes) throw new CliError(`it is larger than ${maxSizeBytes} bytes`);
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}
