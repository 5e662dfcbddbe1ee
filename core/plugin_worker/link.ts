/** The Worker's end of the line to the program: questions, and what comes back. */

import { BatchReceiver, BatchSender, sendAll } from "./batches.ts";
import type { Question, StreamQuestion, ToHost, ToWorker } from "./messages.ts";
import { errorOfWire, wireErrorOfPlugin } from "./wire_error.ts";

/** Asks the program. */
export interface Link {
  /** One answer. An abort takes the question back. */
  ask(question: Question, signal?: AbortSignal): Promise<unknown>;
  /** Any number of answers, for any number of requests. Nothing is asked before the first is wanted. */
  open(
    question: StreamQuestion,
    options?: { requests?: AsyncIterable<unknown> | undefined; signal?: AbortSignal | undefined },
  ): AsyncGenerator<unknown>;
  /** What the program says; false when it is not about a question. */
  receive(message: ToWorker): boolean;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Makes the link over what sends messages. */
export function createLink(post: (message: ToHost) => void): Link {
  const answers = new Map<number, Waiting>();
  const streams = new Map<number, BatchReceiver<unknown>>();
  const uploads = new Map<number, BatchSender<unknown>>();
  let last = 0;

  const ask = async (question: Question, signal?: AbortSignal): Promise<unknown> => {
    const id = ++last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancel = () => post({ kind: "cancel", id });
    answers.set(id, { resolve, reject });
    post({ kind: "ask", id, question });
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel);
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", cancel);
      answers.delete(id);
    }
  };

  const upload = async (id: number, requests: AsyncIterable<unknown>) => {
    const sender = new BatchSender<unknown>((items) => post({ kind: "requests", id, items }));
    uploads.set(id, sender);
    try {
      await sendAll(requests, sender);
      post({ kind: "requestsEnd", id });
    } catch (error) {
      post({ kind: "requestsEnd", id, error: wireErrorOfPlugin(error) });
    }
  };

  async function* open(
    question: StreamQuestion,
    { requests, signal }: Parameters<Link["open"]>[1] = {},
  ): AsyncGenerator<unknown> {
    const id = ++last;
    const receiver = new BatchReceiver<unknown>(() => post({ kind: "itemsTaken", id }));
    const cancel = () => post({ kind: "cancel", id });
    streams.set(id, receiver);
    post({ kind: "open", id, question, sendsMany: requests !== undefined });
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel);
    if (requests !== undefined) void upload(id, requests);
    try {
      yield* receiver.items();
    } finally {
      signal?.removeEventListener("abort", cancel);
      if (!receiver.hasEnded) cancel();
      streams.delete(id);
      uploads.delete(id);
    }
  }

  const receive = (message: ToWorker): boolean => {
    switch (message.kind) {
      case "answer":
        answers.get(message.id)?.resolve(message.value);
        return true;
      case "refusal":
        answers.get(message.id)?.reject(errorOfWire(message.error));
        return true;
      case "items":
        streams.get(message.id)?.add(message.items.map(withErrors));
        return true;
      case "end":
        streams.get(message.id)?.end(message.error && errorOfWire(message.error));
        return true;
      case "requestsTaken":
        uploads.get(message.id)?.taken();
        return true;
      default:
        return false;
    }
  };
  return { ask, open, receive };
}

/** A node's failure, which crossed as data, is an error again. */
function withErrors(item: unknown): unknown {
  const { nodeError } = Object(item);
  if (nodeError === undefined) return item;
  return { node: nodeError.node, error: errorOfWire(nodeError.error) };
}
