/**
 * The entry of a Worker that runs one third-party plugin. Not the plugin itself is the entry: its own static imports
 * would then be read whatever its permissions.
 */

import type { CommandIndex } from "../command_index.ts";
import { CliError } from "../errors.ts";
import { indexPlugin } from "../plugin_index.ts";
import { type LoadedPlugin, loadPlugin } from "../plugin_loader.ts";
import { BatchSender } from "./batches.ts";
import { createLink } from "./link.ts";
import type { ToHost, ToWorker, WireContext, WireEntry } from "./messages.ts";
import { NoteSender } from "./notes.ts";
import { seal, takePostMessage } from "./seal.ts";
import { wireErrorOfPlugin } from "./wire_error.ts";
import { workerContext } from "./worker_context.ts";
import { type EntryWriter, entryWriter } from "./worker_layout.ts";

const post: (message: ToHost) => void = takePostMessage();
const notes = new NoteSender((all) => post({ kind: "notes", notes: all }));
const fail = (error: unknown) => {
  notes.flush();
  post({ kind: "failed", error: wireErrorOfPlugin(error) });
};
const watchImports = seal({
  note: (line) => notes.add(line),
  exit: () => {
    const error = new Error("it tried to end the program");
    fail(error);
    throw error;
  },
});

const link = createLink(post);
const life = new AbortController();
const entries = new BatchSender<WireEntry>(sendEntries);
let plugin: Promise<LoadedPlugin>;

globalThis.addEventListener("message", (event) => {
  if (event instanceof MessageEvent) receive(event.data);
});

/** What the plugin starts and does not wait for; unheard, the runtime would print a trace of it. */
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  fail(event.error);
});
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});

function receive(message: ToWorker): void {
  if (link.receive(message)) return;
  switch (message.kind) {
    case "load":
      if (message.folder !== undefined) watchImports(message.folder);
      plugin = load(message.entry);
      plugin.catch(fail);
      break;
    case "run":
      void tell(run(message.path, message.context));
      break;
    case "complete":
      void tell(complete(message.completes, message.word, message.context));
      break;
    case "abort":
      life.abort();
      break;
    case "taken":
      entries.taken();
      break;
    case "noted":
      notes.noted();
      break;
  }
}

/** One that is no data must not take along those before it. */
function sendEntries(items: readonly WireEntry[]): void {
  try {
    post({ kind: "entries", items });
  } catch (error) {
    const bad = items.findIndex((item) => !isData(item));
    if (bad > 0) post({ kind: "entries", items: items.slice(0, bad) });
    throw error;
  }
}

function isData(item: WireEntry): boolean {
  try {
    structuredClone(item);
    return true;
  } catch {
    return false;
  }
}

async function load(entry: string): Promise<LoadedPlugin> {
  const loaded = await loadPlugin(new URL(entry));
  if (loaded.provisioners.length > 0) {
    throw new CliError("it offers a provisioner, which third-party plugins cannot");
  }
  post({
    kind: "loaded",
    name: loaded.name,
    index: JSON.stringify(indexOf(loaded, entry)),
    protos: loaded.protos.map(String),
  });
  return loaded;
}

function indexOf(loaded: LoadedPlugin, entry: string): CommandIndex {
  const index = indexPlugin(loaded, entry);
  const commands = index.commands.map((command, position) =>
    loaded.commands[position]?.tracking === true ? { ...command, tracking: true } : command
  );
  return { ...index, commands };
}

/** Tells how something ended, after all that it said. */
async function tell(work: Promise<unknown>): Promise<void> {
  const end: ToHost = await work.then(
    (value) => value === undefined ? { kind: "done" } : { kind: "done", value },
    (error) => ({ kind: "done", error: wireErrorOfPlugin(error) }),
  );
  await entries.end();
  notes.flush();
  post(end);
}

function contextOf(wire: WireContext) {
  return workerContext(wire, {
    link,
    signal: life.signal,
    note: (note) => notes.add(note),
    beforeAsking: () => entries.flush(),
  });
}

async function run(path: readonly string[], wire: WireContext): Promise<void> {
  const name = path.join(" ");
  const command = (await plugin).commands.find((known) => known.path.join(" ") === name);
  if (command === undefined) {
    throw new CliError(`running "${name}": the plugin does not declare it any more`);
  }
  const context = contextOf(wire);
  let asked: readonly string[] = [];
  const { nodes } = context;
  const remembering = { ...context, nodes: async () => asked = await nodes() };
  const writer = entryWriter(command, context, {
    askedNodes: () => asked,
    onLayout: (layout) => post({ kind: "layout", layout }),
  });

  const result: unknown = command.run?.(remembering);
  const isObject = typeof result === "object" && result !== null;
  if (isObject && Symbol.asyncIterator in result) {
    for await (const value of result as AsyncIterable<unknown>) {
      const wait = entries.push(writer.entry(value));
      if (wait !== undefined) await wait;
    }
  } else if (isObject && Symbol.iterator in result) {
    await pushEach(result as Iterable<unknown>, writer);
  } else {
    const value = await result;
    if (value !== undefined) await entries.push(writer.entry(value));
  }
  writer.end();
}

async function pushEach(values: Iterable<unknown>, writer: EntryWriter): Promise<void> {
  for (const value of values) {
    const wait = entries.push(writer.entry(value));
    if (wait !== undefined) await wait;
  }
}

async function complete(kind: string, word: string, wire: WireContext): Promise<unknown> {
  const result = await (await plugin).completers.get(kind)?.(contextOf(wire), word);
  if (result === undefined) return undefined;
  const errors = result.errors?.map((error) => wireErrorOfPlugin(error)) ?? [];
  return { candidates: [...result.candidates].map(String), directive: result.directive, errors };
}
