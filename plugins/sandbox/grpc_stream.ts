/** One HTTP/2 stream as a gRPC call: framing, metadata, deadline, status. grpc-js cannot serve unknown methods as bytes. */

import type { ServerHttp2Stream } from "node:http2";
import { Buffer } from "node:buffer";
import { clearImmediate, setImmediate } from "node:timers";
import { RpcError, statusNames } from "../../core/errors.ts";
import type { Answer, Call, CallMetadata } from "./call.ts";
import type { SendWindows } from "./send_windows.ts";

/** Talos takes messages of up to 32 MiB. */
const maxMessageBytes = 32 * 1024 * 1024;
const prefixBytes = 5;
const gatherBytes = 32 * 1024;
const transportHeaders = new Set(["te", "content-type", "accept-encoding"]);

/** A stream and what is known of it. */
export interface IncomingStream {
  stream: ServerHttp2Stream;
  rawHeaders: readonly string[];
  windows: SendWindows;
}

/** Serves one stream to its end; never throws. */
export async function serveStream(
  { stream, rawHeaders, windows }: IncomingStream,
  serve: (call: Call) => Answer,
): Promise<void> {
  const { pseudo, metadata } = readHeaders(rawHeaders);
  const aborter = new AbortController();
  const deadline = startDeadline(metadata.get("grpc-timeout")?.[0], aborter);
  stream.on("close", () => aborter.abort());
  // A reset by the client arrives as an error first; the close that follows is what counts.
  stream.on("error", () => aborter.abort());

  const call: Call = {
    path: pseudo.get(":path") ?? "",
    authority: pseudo.get(":authority") ?? "",
    metadata: withoutTransport(metadata),
    requests: readMessages(stream),
    signal: aborter.signal,
  };
  try {
    await writeAnswer({ stream, windows }, serve(call), call.signal);
    finish(stream, 0, "");
  } catch (error) {
    const { code, description } = deadline.passed
      ? new RpcError("DeadlineExceeded", "context deadline exceeded")
      : toRpcError(error);
    finish(stream, statusNames.indexOf(code), description);
  } finally {
    deadline.clear();
  }
}

async function writeAnswer(
  incoming: Pick<IncomingStream, "stream" | "windows">,
  answer: Answer,
  signal: AbortSignal,
): Promise<void> {
  const writer = gatherFrames(incoming, signal);
  try {
    for await (const message of answer) {
      if (signal.aborted || incoming.stream.destroyed) {
        throw new RpcError("Canceled", "context canceled");
      }
      await writer.add(frame(message));
    }
  } finally {
    writer.flush();
  }
}

/** Writes what comes at once at once: a write for each message of 1 KiB takes three times as long. */
function gatherFrames(
  { stream, windows }: Pick<IncomingStream, "stream" | "windows">,
  signal: AbortSignal,
) {
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let room: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setImmediate> | undefined;
  const flush = () => {
    if (timer !== undefined) clearImmediate(timer);
    timer = undefined;
    if (gatheredBytes === 0 || stream.destroyed) return;
    if (!stream.headersSent) {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, {
        waitForTrailers: true,
      });
    }
    stream.write(gathered.length === 1 ? gathered[0] : Buffer.concat(gathered));
    const taken = windows.take(stream.id ?? 0, gatheredBytes, signal);
    // A turn of the event loop, in which it goes out: else all that fits into the window would be made first.
    room = new Promise((resolve) => setImmediate(() => resolve(taken)));
    room.catch(() => {}); // who adds next sees it
    gathered = [];
    gatheredBytes = 0;
  };
  return {
    flush,
    /** Resolves when there is room for more. */
    async add(framed: Buffer): Promise<void> {
      gathered.push(framed);
      gatheredBytes += framed.length;
      if (gatheredBytes >= gatherBytes) flush();
      else timer ??= setImmediate(flush);
      await room;
    },
  };
}

/** Ends the stream with a status: in trailers, or alone when no message went out. */
function finish(stream: ServerHttp2Stream, code: number, description: string): void {
  if (stream.destroyed || stream.closed) return;
  const status = {
    "grpc-status": String(code),
    ...(description === "" ? {} : { "grpc-message": percentEncode(description) }),
  };
  if (!stream.headersSent) {
    stream.respond({ ":status": 200, "content-type": "application/grpc", ...status }, {
      endStream: true,
    });
  } else {
    stream.on("wantTrailers", () => stream.sendTrailers(status));
    stream.end();
  }
  stream.resume();
}

function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new RpcError("Canceled", "context canceled");
  }
  // A handler that breaks is a panic to Talos.
  return new RpcError("Internal", error instanceof Error ? error.message : String(error));
}

async function* readMessages(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= prefixBytes) {
      if (pending[0] !== 0) {
        throw new RpcError("Unimplemented", "grpc: compressed messages are not supported");
      }
      const length = pending.readUInt32BE(1);
      if (length > maxMessageBytes) {
        const text = `grpc: received message larger than max (${length} vs. ${maxMessageBytes})`;
        throw new RpcError("ResourceExhausted", text);
      }
      if (pending.length < prefixBytes + length) break;
      yield pending.subarray(prefixBytes, prefixBytes + length);
      pending = pending.subarray(prefixBytes + length);
    }
  }
}

function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(prefixBytes + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, prefixBytes);
  return framed;
}

function readHeaders(rawHeaders: readonly string[]) {
  const pseudo = new Map<string, string>();
  const metadata = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (name.startsWith(":")) pseudo.set(name, value);
    else metadata.set(name, [...metadata.get(name) ?? [], value]);
  }
  return { pseudo, metadata };
}

function withoutTransport(metadata: CallMetadata): CallMetadata {
  return new Map(
    [...metadata].filter(([name]) => !name.startsWith("grpc-") && !transportHeaders.has(name)),
  );
}

/** Aborts when the time in a `grpc-timeout` header, such as `500m`, is over. */
function startDeadline(timeout: string | undefined, aborter: AbortController) {
  const state = { passed: false, clear: () => {} };
  const [, amount, unit] = timeout?.match(/^(\d{1,8})([HMSmun])$/) ?? [];
  if (amount === undefined || unit === undefined) return state;

  const unitMs: Record<string, number> = { H: 3.6e6, M: 6e4, S: 1e3, m: 1, u: 1e-3, n: 1e-6 };
  const timer = setTimeout(() => {
    state.passed = true;
    aborter.abort();
  }, Math.min(Number(amount) * (unitMs[unit] ?? 1), 2 ** 31 - 1));
  state.clear = () => clearTimeout(timer);
  return state;
}

/** The escaping of `grpc-message`: printable ASCII but `%` stands, every other byte becomes `%XX`. */
function percentEncode(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== 0x25
      ? String.fromCharCode(byte)
      : "%" + byte.toString(16).toUpperCase().padStart(2, "0")
  ).join("");
}
