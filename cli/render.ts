/** From what `run` yields to stdout: tables, texts, JSON, YAML, names, bytes; failed nodes come last. */

import type {
  Command,
  Context,
  Entry,
  Layout,
  NodeError,
  OutputFormat,
  RenderContext,
} from "../core/command.ts";
import { CliError } from "../core/errors.ts";
import { joinFailures } from "../core/join_failures.ts";
import type { OutputWriter } from "./output_writer.ts";

type AnyCommand = Command<object>;

/** A table is aligned anew after this long without an answer (spec/client.md, 3.3). */
const idleFlushMs = 500;

/** What turns records into output as they come. */
interface RecordRenderer {
  record(record: object): Promise<void> | void;
  /** Writes what is held back. */
  end(): Promise<void> | void;
}

/**
 * Runs a command and writes what it yields.
 *
 * @throws {CliError} The failed nodes, one a line, after everything else was written.
 */
export async function render(
  command: AnyCommand,
  given: Context,
  writer: OutputWriter,
): Promise<void> {
  const context = rememberNodes(given);
  const entries = entriesOf(command, context);
  if (entries === undefined) return;
  const failures: CliError[] = [];
  let renderer: RecordRenderer | undefined;
  try {
    for await (const entry of entries) {
      if (entry instanceof Uint8Array) await writer.bytes(entry);
      else if (typeof entry === "string") await writer.text(entry);
      else if (isNodeError(entry)) failures.push(nodeFailure(command, entry));
      else {
        renderer ??= await createRenderer(command, context, writer, entry);
        failures.push(...await failuresOf(renderer, entry));
      }
      writer.flushSoon();
    }
    if (context.output === "table" && hasTable(command)) {
      renderer ??= await createRenderer(command, context, writer, undefined);
    }
  } finally {
    await renderer?.end();
    await writer.flush();
  }
  if (failures.length > 0) throw joinFailures(failures);
}

/** What the layout may know of the nodes: those the command asked for. */
interface RenderedContext extends Context {
  askedNodes: readonly string[];
}

function rememberNodes(context: Context): RenderedContext {
  const remembering: RenderedContext = {
    ...context,
    askedNodes: [],
    nodes: async () => remembering.askedNodes = await context.nodes(),
  };
  return remembering;
}

/** Renders one record; one that a template does not fit must not keep the others from being shown. */
async function failuresOf(renderer: RecordRenderer, record: object): Promise<CliError[]> {
  try {
    await renderer.record(record);
    return [];
  } catch (error) {
    if (error instanceof CliError) return [error];
    throw error;
  }
}

/** What `run` gives, as entries; undefined when it gives nothing. */
function entriesOf(
  command: AnyCommand,
  context: Context,
): AsyncIterable<Entry<object>> | undefined {
  const result = command.run?.(context);
  if (result === undefined) return undefined;
  if (Symbol.asyncIterator in result) return result;
  if (Symbol.iterator in result) return fromIterable(result);
  return fromPromise(result);
}

async function* fromIterable<T>(entries: Iterable<T>): AsyncGenerator<T> {
  yield* entries;
}

async function* fromPromise(promise: Promise<object | void>): AsyncGenerator<Entry<object>> {
  const record = await promise;
  if (record !== undefined) yield record;
}

function isNodeError(entry: object): entry is NodeError {
  return "error" in entry && entry.error instanceof Error && "node" in entry;
}

function nodeFailure(command: AnyCommand, { node, error }: NodeError): CliError {
  const line = command.nodeError?.(node, error) ?? `error from node ${node}: ${error.message}`;
  return new CliError(line, { cause: error });
}

function hasTable(command: AnyCommand): boolean {
  return command.columns !== undefined || command.layout !== undefined;
}

function createRenderer(
  command: AnyCommand,
  context: RenderedContext,
  writer: OutputWriter,
  first: object | undefined,
): Promise<RecordRenderer> {
  if (context.output !== "table") {
    return documentRenderer(command, context.output, writer);
  }
  const { args, flags, askedNodes: nodes } = context;
  const given = { args, flags, first, nodes };
  const layout = command.layout?.(given) ?? defaultLayout(command);
  const renderContext: RenderContext = { now: context.now() };
  if ("text" in layout) return Promise.resolve(textRenderer(layout.text, renderContext, writer));
  return tableRenderer(layout, renderContext, writer);
}

function defaultLayout(command: AnyCommand): Layout<object> {
  if (command.columns !== undefined) return { columns: command.columns };
  if (command.text !== undefined) return { text: command.text };
  throw new Error(`"${command.path.join(" ")}" yields records and has no layout`);
}

function textRenderer(
  text: (record: object, context: RenderContext) => string,
  context: RenderContext,
  writer: OutputWriter,
): RecordRenderer {
  return { record: (record) => writer.text(text(record, context)), end: () => {} };
}

async function tableRenderer(
  layout: Exclude<Layout<object>, { text: unknown }>,
  context: RenderContext,
  writer: OutputWriter,
): Promise<RecordRenderer> {
  const { TableBuffer } = await import("../core/output/table.ts");
  const buffer = new TableBuffer();
  const columns = "columns" in layout ? layout.columns : undefined;
  let hasHeader = columns === undefined;
  const addHeader = () => {
    if (!hasHeader && columns !== undefined) buffer.add(columns.map((column) => column.header));
    hasHeader = true;
  };
  const rowsOf = columns === undefined || "rows" in layout
    ? (record: object) => "rows" in layout ? layout.rows(record, context) : []
    : (record: object) => [columns.map((column) => column.cell(record, context))];
  if ("columns" in layout && layout.header !== "first row") addHeader();

  let idle: ReturnType<typeof setTimeout> | undefined;
  let shown: Promise<void> = Promise.resolve();
  const show = () => {
    shown = writer.text(buffer.flush()).then(() => writer.flush());
    shown.catch(() => {}); // seen by the next record or the end
  };
  return {
    async record(record) {
      addHeader();
      for (const row of rowsOf(record)) buffer.add(row);
      if (layout.flush === "each") return await writer.text(buffer.flush());
      if (layout.flush !== "idle") return;
      clearTimeout(idle);
      idle = setTimeout(show, idleFlushMs);
      await shown;
    },
    async end() {
      if (idle !== undefined) clearTimeout(idle);
      await shown;
      await writer.text(buffer.flush());
    },
  };
}

async function documentRenderer(
  command: AnyCommand,
  output: Exclude<OutputFormat, "table">,
  writer: OutputWriter,
): Promise<RecordRenderer> {
  const toText = await documentFormat(command, output);
  return { record: (record) => writer.text(toText(record)), end: () => {} };
}

async function documentFormat(
  command: AnyCommand,
  output: Exclude<OutputFormat, "table">,
): Promise<(record: object) => string> {
  switch (output) {
    case "json": {
      const { toGoJson } = await import("../core/output/json.ts");
      return command.formats?.json ?? ((record) => toGoJson(record, { indent: 4 }) + "\n");
    }
    case "yaml": {
      const { toGoYaml } = await import("../core/output/go_yaml.ts");
      const toYaml = command.formats?.yaml ?? ((record) => toGoYaml(record));
      let isFirst = true;
      return (record) => {
        const separator = isFirst ? "" : "---\n";
        isFirst = false;
        return separator + toYaml(record);
      };
    }
    case "name":
      return (record) => nameOf(command, record) + "\n";
    default: {
      const { compileJsonpath } = await import("../core/output/jsonpath/jsonpath.ts");
      return compileJsonpath(output.slice("jsonpath=".length));
    }
  }
}

function nameOf(command: AnyCommand, record: object): string {
  if (command.nameOf !== undefined) return command.nameOf(record);
  for (const key of ["id", "name", "node"]) {
    const value: unknown = Reflect.get(record, key);
    if (typeof value === "string") return value;
  }
  throw new CliError(`printing "${command.path.join(" ")}" as names: its records have no name`);
}
