/** Old clients' `nodes` metadata: one call to many nodes, answers marked with their node (spec/client.md, 4.5). */

import { RpcError, statusNames } from "../../core/errors.ts";
import type { Metadata } from "../../proto/gen/common/common.ts";
import type { Answer, Call } from "./call.ts";
import { lengthDelimited, topLevelFields } from "./wire.ts";

/** Methods whose answers are streamed on; all others are merged into one message. By name, as apid does it. */
const streamed = new Set([
  ...[
    "Copy",
    "DiskUsage",
    "Dmesg",
    "EtcdSnapshot",
    "Events",
    "ImageList",
    "Kubeconfig",
    "List",
    "DebugContainer",
    "Logs",
    "PacketCapture",
    "Read",
  ].map((method) => `/machine.MachineService/${method}`),
  "/machine.LifecycleService/Install",
  "/machine.LifecycleService/Upgrade",
  "/os.OSService/Dmesg",
  "/cluster.ClusterService/HealthCheck",
]);

/** Calls all targets at once; a failed one becomes a message with its error. Ends OK when all have ended. */
export async function* aggregate(
  targets: readonly string[],
  call: Call,
  send: (target: string, call: Call) => Answer,
): AsyncGenerator<Uint8Array> {
  const { Metadata } = await import("../../proto/gen/common/common.ts");
  const encode = (metadata: Partial<Metadata>) =>
    Metadata.encode(Metadata.fromPartial(metadata)).finish();
  const requests = await Array.fromAsync(call.requests);
  const isStreamed = streamed.has(call.path) || call.path.endsWith("Stream");

  const answers = targets.map(async function* (target) {
    const mark = encode({ hostname: target });
    try {
      for await (const message of send(target, { ...call, requests: replay(requests) })) {
        yield isStreamed ? withMetadata(message, mark) : markFirst(message, mark);
      }
    } catch (error) {
      if (call.signal.aborted) throw error;
      const metadata = lengthDelimited(1, encode(failure(target, error)));
      yield isStreamed ? metadata : lengthDelimited(1, metadata);
    }
  });

  if (isStreamed) yield* merge(answers);
  else yield concat(await Array.fromAsync(merge(answers)));
}

function failure(hostname: string, error: unknown): Partial<Metadata> {
  const { code, description, message } = error instanceof RpcError
    ? error
    : new RpcError("Unknown", String(error));
  const status = { code: statusNames.indexOf(code), message: description, details: [] };
  return { hostname, error: message, status };
}

/** In protobuf a repeated singular field merges with what was there, so appending is enough. */
function withMetadata(message: Uint8Array, metadata: Uint8Array): Uint8Array {
  return concat([message, lengthDelimited(1, metadata)]);
}

/** Marks the first element of `repeated … messages = 1`. */
function markFirst(answer: Uint8Array, metadata: Uint8Array): Uint8Array {
  let isMarked = false;
  return concat(
    [...topLevelFields(answer)].map(({ number, payload, whole }) => {
      if (isMarked || number !== 1 || payload === undefined) return whole;
      isMarked = true;
      return lengthDelimited(1, withMetadata(payload, metadata));
    }),
  );
}

/** All entries of all sources as they come; the sources that have not ended are ended when the reader leaves. */
async function* merge<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      if (result.done) {
        waiting.delete(source);
        continue;
      }
      yield result.value;
      waiting.set(source, next(source));
    }
  } finally {
    await Promise.allSettled([...waiting.keys()].map((source) => source.return(undefined)));
  }
}

async function* replay(messages: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* messages;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
