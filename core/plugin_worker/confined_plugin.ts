/** A third-party plugin as the frame knows plugins: commands and completers, whose code runs confined in a Worker. */

import type { Command, Completer, CompletionResult, Context, Entry, Layout } from "../command.ts";
import type { IndexedCommand } from "../command_index.ts";
import { CliError } from "../errors.ts";
import type { LoadedPlugin } from "../plugin_loader.ts";
import { type Answers, createAnswers } from "./answers.ts";
import { BatchReceiver } from "./batches.ts";
import { type ConfinedPlugin, type ConfinedWorker, startConfined } from "./confined.ts";
import type { ToHost, ToWorker, WireContext, WireEntry, WireLayout, WireNote } from "./messages.ts";
import { plainValue } from "./plain_value.ts";
import { errorOfWire } from "./wire_error.ts";

/** An interrupted plugin may take this long to end by itself. */
const graceMs = 1000;

/** A completion is waited for by somebody who types. */
const completionMs = 5000;

/** What a confined plugin is used with. */
export interface ConfinedOptions {
  /** Its commands in the index. */
  commands: readonly IndexedCommand[];
  /** The kinds of words it completes. */
  completers: readonly string[];
  /** Where `worker.ts` is. */
  worker: URL;
  /** Resolves when all output so far is written. */
  settled(): Promise<void>;
}

/** The plugin; no Worker is started before one of its commands runs. */
export function confinedPlugin(plugin: ConfinedPlugin, options: ConfinedOptions): LoadedPlugin {
  const protos: URL[] = [];
  return {
    name: plugin.name,
    commands: options.commands.map((command) => confinedCommand(plugin, command, options, protos)),
    completers: new Map(
      options.completers.map((kind) => [kind, confinedCompleter(plugin, kind, options, protos)]),
    ),
    provisioners: [],
    protos,
  };
}

function confinedCommand(
  plugin: ConfinedPlugin,
  indexed: IndexedCommand,
  options: ConfinedOptions,
  protos: URL[],
): Command {
  const { printsData: _, runnable: __, ...spec } = indexed;
  let layout: WireLayout | undefined;
  return {
    ...spec,
    tracking: indexed.tracking === true,
    layout: () => layoutOf(layout),
    nameOf: (record) => ownText.get(record) ?? nameOf(record, indexed),
    // Decided by the first record, which has come when this is asked.
    get formats() {
      if (layout?.hasOwnText !== true) return {};
      const text = (record: object) => ownText.get(record) ?? "";
      return { json: text, yaml: text };
    },
    nodeError: (node, error) => ownLines.get(error) ?? `error from node ${node}: ${error.message}`,
    async *run(context) {
      const run = startRun(plugin, context, options, protos);
      run.onLayout = (settled) => layout ??= settled;
      run.send({ kind: "run", path: indexed.path, context: await wireContext(plugin, context) });
      try {
        for await (const entry of run.entries) yield entryOf(entry, plugin);
      } finally {
        run.end();
      }
    },
  } as Command;
}

function confinedCompleter(
  plugin: ConfinedPlugin,
  kind: string,
  options: ConfinedOptions,
  protos: URL[],
): Completer {
  return async (context, word) => {
    const run = startRun(plugin, context, options, protos);
    const limit = setTimeout(
      () => run.fail(new CliError(`plugin ${plugin.name}: no answer within 5 s`)),
      completionMs,
    );
    try {
      const wire = await wireContext(plugin, context);
      run.send({ kind: "complete", completes: kind, word, context: wire });
      for await (const _ of run.entries); // it yields nothing, it ends
      return completionOf(run.value);
    } finally {
      clearTimeout(limit);
      run.end();
    }
  };
}

function completionOf(value: unknown): CompletionResult {
  const { candidates, directive, errors } = Object(value);
  return {
    candidates: Array.isArray(candidates) ? candidates.slice(0, 10_000).map(String) : [],
    directive: Number.isInteger(directive) ? directive : 0,
    errors: Array.isArray(errors) ? errors.map((error) => errorOfWire(error)) : [],
  };
}

/** One use of a Worker, from its start to its end. */
interface Run {
  /** What `run` yields; throws what the plugin threw. */
  entries: AsyncIterable<WireEntry>;
  /** What it returned. */
  value: unknown;
  onLayout: (layout: WireLayout) => void;
  send: (message: ToWorker) => void;
  fail: (error: Error) => void;
  /** Ends the Worker; may be called more than once. */
  end: () => void;
}

function startRun(
  plugin: ConfinedPlugin,
  context: Context,
  { worker: workerUrl, settled }: ConfinedOptions,
  protos: URL[],
): Run {
  const receiver = new BatchReceiver<WireEntry>(() => worker.send({ kind: "taken" }));
  const fail = (error: Error) => {
    worker.terminate();
    answers?.close();
    receiver.end(error);
  };
  const worker: ConfinedWorker = startConfined(plugin, {
    worker: workerUrl,
    onMessage: (message) => receive(message),
    onFailure: (error) => fail(error),
  });
  const answers: Answers | undefined = createAnswers(plugin, context, {
    worker,
    protos,
    shown: async () => {
      await receiver.drained();
      await settled();
    },
  });
  const prefix = `plugin ${plugin.name}: `;

  const receive = (message: ToHost): void => {
    if (receiver.hasEnded || answers?.receive(message) === true) return;
    switch (message.kind) {
      case "loaded":
        protos.push(...ownFiles(message.protos, plugin));
        return;
      case "layout":
        run.onLayout(checkedLayout(message.layout));
        return;
      case "entries":
        return receiver.add(message.items);
      case "notes":
        return void tell(message.notes);
      case "failed":
        return fail(errorOfWire(message.error, prefix));
      case "done":
        run.value = message.value;
        return receiver.end(message.error && errorOfWire(message.error, prefix));
      default:
        throw new CliError(`${prefix}it sent what is no message`);
    }
  };
  const tell = async (notes: readonly WireNote[]) => {
    for (const note of notes) {
      if (typeof note === "string") context.note(note);
      else context.progress.update(String(note.text), note.state);
    }
    await settled();
    if (!receiver.hasEnded) worker.send({ kind: "noted" });
  };

  let grace: ReturnType<typeof setTimeout> | undefined;
  const onAbort = () => {
    worker.send({ kind: "abort" });
    const error = new CliError(`${prefix}ended, for it went on after the interrupt`);
    grace = setTimeout(() => fail(error), graceMs);
  };
  context.signal.addEventListener("abort", onAbort);
  if (context.signal.aborted) onAbort();

  const run: Run = {
    entries: receiver.items(),
    value: undefined,
    onLayout: () => {},
    send: (message) => worker.send(message),
    fail,
    end: () => {
      context.signal.removeEventListener("abort", onAbort);
      if (grace !== undefined) clearTimeout(grace);
      worker.terminate();
      answers?.close();
      receiver.end();
    },
  };
  worker.load();
  return run;
}

/** The files in its folder; the program reads them, so they must not be others. */
function ownFiles(protos: readonly unknown[], { folder, name }: ConfinedPlugin): URL[] {
  return protos.map((text) => {
    const url = new URL(String(text));
    const path = Deno.realPathSync(url);
    if (url.protocol === "file:" && path.startsWith(`${folder}/`)) return url;
    throw new CliError(`plugin ${name}: its .proto file ${url.href} is outside of its folder`);
  });
}

async function wireContext(
  { rights: { permissions } }: ConfinedPlugin,
  context: Context,
): Promise<WireContext> {
  const { flags, given, args, calledAs, out, output, version, config, terminal } = context;
  const names = permissions.env === true ? [] : permissions.env ?? [];
  const env: Record<string, string> = {};
  for (const name of names) {
    const value = context.env(name);
    if (value !== undefined) env[name] = value;
  }
  const wire: WireContext = {
    flags,
    given: [...given],
    args,
    calledAs,
    out: { stdout: streamInfo(out.stdout), stderr: streamInfo(out.stderr) },
    isInteractive: terminal.isInteractive,
    env,
    nowMs: context.now().getTime(),
    output,
    version,
    context: config.flags.context,
    endpoints: config.flags.endpoints,
  };
  return await plainValue(wire) as WireContext;
}

function streamInfo({ isTerminal, width, color }: Context["out"]["stdout"]) {
  return { isTerminal, width, color };
}

/** What a record's own document or name is, where the plugin wrote it. */
const ownText = new WeakMap<object, string>();

/** What is said of a node's failure, where the plugin words it. */
const ownLines = new WeakMap<Error, string>();

function entryOf(entry: WireEntry, { name }: ConfinedPlugin): Entry<object> {
  if (typeof entry === "string" || entry instanceof Uint8Array) return entry;
  if ("error" in entry) {
    const error = errorOfWire(entry.error);
    if (typeof entry.line === "string") ownLines.set(error, entry.line);
    return { node: String(entry.node), error };
  }
  if (!("record" in entry)) return entry;
  const { record, text } = entry;
  if (typeof record !== "object" || record === null) {
    throw new CliError(`plugin ${name}: it yielded what is no record`);
  }
  if (text !== undefined) ownText.set(record, text);
  return record;
}

function nameOf(record: object, { path }: IndexedCommand): string {
  for (const key of ["id", "name", "node"]) {
    const value: unknown = Reflect.get(record, key);
    if (typeof value === "string") return value;
  }
  throw new CliError(`printing "${path.join(" ")}" as names: its records have no name`);
}

function checkedLayout(layout: WireLayout): WireLayout {
  const { kind, headers = [], header, flush, hasOwnText } = Object(layout);
  return {
    kind,
    headers: Array.isArray(headers) ? headers.map(String) : [],
    header: header === "first row" ? header : "always",
    flush: flush === "idle" || flush === "each" ? flush : "end",
    hasOwnText: hasOwnText === true,
  };
}

/** Rows and texts have come ready: cells are only picked out of them. */
function layoutOf(layout: WireLayout | undefined): Layout<object> {
  const rowsOf = (entry: object): readonly (readonly string[])[] => {
    const rows: unknown = Reflect.get(entry, "rows");
    return Array.isArray(rows) ? rows.map((row) => Array.isArray(row) ? row.map(String) : []) : [];
  };
  if (layout?.kind === "columns") {
    const { headers = [], header = "always", flush = "end" } = layout;
    const columns = headers.map((text, position) => ({
      header: text,
      cell: (entry: object) => rowsOf(entry)[0]?.[position] ?? "",
    }));
    return { columns, header, flush };
  }
  if (layout?.kind === "rows") return { rows: rowsOf, flush: layout.flush ?? "end" };
  return { text: (entry) => String(Reflect.get(entry, "text") ?? "") };
}
