/** What the program answers to a confined plugin, and where it stops listening to it. */

import type { Context } from "../command.ts";
import { BatchReceiver, BatchSender, sendAll } from "./batches.ts";
import type { ConfinedPlugin, ConfinedWorker } from "./confined.ts";
import { hostCalls } from "./host_calls.ts";
import type { Question, StreamQuestion, ToHost } from "./messages.ts";
import { errorOfWire, wireError } from "./wire_error.ts";

/** Answers one plugin's questions. */
export interface Answers {
  /** False when a message is no question. */
  receive(message: ToHost): boolean;
  /** Cancels what is still asked. */
  close(): void;
}

/** More than this at once is no honest use. */
const mostQuestions = 4096;

/** What belongs to one question under way. */
interface Asked {
  cancel: AbortController;
  sender?: BatchSender<unknown>;
  requests?: BatchReceiver<unknown>;
}

/** What answering takes besides `ctx`. */
export interface AnswerOptions {
  worker: ConfinedWorker;
  /** As in `hostCalls`. */
  protos: readonly URL[];
  /** Resolves when all that was yielded is on the screen, where a question refers to it. */
  shown(): Promise<void>;
}

/** Answers what a plugin asks of this context. */
export function createAnswers(
  plugin: ConfinedPlugin,
  context: Context,
  { worker, protos, shown }: AnswerOptions,
): Answers {
  const calls = hostCalls(plugin, context, protos);
  const asked = new Map<number, Asked>();
  let isClosed = false;

  const add = (id: number): Asked => {
    if (asked.size >= mostQuestions || asked.has(id)) throw new Error("it asks too much at once");
    const entry = { cancel: new AbortController() };
    asked.set(id, entry);
    return entry;
  };
  const send: ConfinedWorker["send"] = (message) => {
    if (!isClosed) worker.send(message);
  };

  const answer = async (id: number, question: Question) => {
    const { cancel } = add(id);
    try {
      const value = await answerOf(question, { context, calls, signal: cancel.signal, shown });
      send({ kind: "answer", id, value });
    } catch (error) {
      send({ kind: "refusal", id, error: wireError(error) });
    } finally {
      asked.delete(id);
    }
  };

  const stream = async (id: number, question: StreamQuestion, sendsMany: boolean) => {
    const entry = add(id);
    const sender = new BatchSender<unknown>((items) => send({ kind: "items", id, items }));
    entry.sender = sender;
    if (sendsMany) {
      entry.requests = new BatchReceiver(() => send({ kind: "requestsTaken", id }));
    }
    try {
      const items = question.ask === "stdin" ? copies(context.stdin) : calls.stream(question.call, {
        signal: entry.cancel.signal,
        requests: entry.requests?.items(),
      });
      await sendAll(items, sender);
      send({ kind: "end", id });
    } catch (error) {
      send({ kind: "end", id, error: wireError(error) });
    } finally {
      asked.delete(id);
    }
  };

  const receive = (message: ToHost): boolean => {
    switch (message.kind) {
      case "ask":
        void answer(message.id, message.question);
        return true;
      case "open":
        void stream(message.id, message.question, message.sendsMany);
        return true;
      case "itemsTaken":
        asked.get(message.id)?.sender?.taken();
        return true;
      case "cancel":
        asked.get(message.id)?.cancel.abort();
        return true;
      case "requests":
        asked.get(message.id)?.requests?.add(message.items);
        return true;
      case "requestsEnd":
        asked.get(message.id)?.requests?.end(message.error && errorOfWire(message.error));
        return true;
      default:
        return false;
    }
  };
  return {
    receive,
    close() {
      isClosed = true;
      for (const { cancel, requests } of asked.values()) {
        cancel.abort();
        requests?.end();
      }
    },
  };
}

interface Sources {
  context: Context;
  calls: ReturnType<typeof hostCalls>;
  signal: AbortSignal;
  shown(): Promise<void>;
}

async function answerOf(
  question: Question,
  { context, calls, signal, shown }: Sources,
): Promise<unknown> {
  const { prompt } = context;
  if ("text" in question) await shown();
  switch (question.ask) {
    case "nodes":
      return [...await context.nodes()];
    case "config":
      return await publicConfig(context);
    case "help":
      return await context.host.helpOf(question.path);
    case "methods":
      return await calls.methods(question.of);
    case "call":
      return await calls.call(question.call, signal);
    case "choose":
      return await prompt.choose(question.text, question.choices);
    case "confirm":
    case "line":
    case "text":
    case "secret":
      return await prompt[question.ask](question.text);
    default:
      throw new Error("it asks what this program does not know");
  }
}

/** Names, endpoints and nodes: everything else in a talosconfig is a secret, or leads to one. */
async function publicConfig({ config }: Context): Promise<unknown> {
  const { config: { context, contexts } } = await config.open();
  const empty = { ca: "", crt: "", key: "", auth: {}, cluster: "", proxyUrl: "" };
  return {
    path: "",
    config: {
      context,
      contexts: new Map(
        [...contexts].map(([name, { endpoints = [], nodes = [] }]) => [
          name,
          { ...empty, endpoints: [...endpoints], nodes: [...nodes] },
        ]),
      ),
    },
  };
}

async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice();
}
