/** Cells, texts and documents of records, made where the plugin's functions are; the program only arranges them. */

import type { Column, Command, Context, Flags, Layout, RenderContext } from "../command.ts";
import type { WireEntry, WireLayout } from "./messages.ts";
import { wireErrorOfPlugin } from "./wire_error.ts";

// deno-lint-ignore no-explicit-any -- records and flags of commands differ; here they are data
export type AnyCommand = Command<any, any, any>;

/** How the entries of one run cross. */
export interface EntryWriter {
  /** What crosses for something that `run` yielded. */
  entry(value: unknown): WireEntry;
  /** Settles the layout, if no record has done so. */
  end(): void;
}

/**
 * @param askedNodes What the command was told when it asked for its nodes.
 * @param onLayout Called once, before the first entry it is about.
 */
export function entryWriter(
  command: AnyCommand,
  context: Context<Flags>,
  { askedNodes, onLayout }: {
    askedNodes: () => readonly string[];
    onLayout: (layout: WireLayout) => void;
  },
): EntryWriter {
  let write: ((record: object) => WireEntry) | undefined;
  const settle = (first: object | undefined) => {
    const { args, flags } = context;
    const choose = () => command.layout?.({ args, flags, first, nodes: askedNodes() });
    const { layout, toEntry } = context.output === "table"
      ? tableLayout(choose() ?? ownLayout(command), { now: context.now() })
      : documentLayout(command, context.output);
    onLayout(layout);
    return toEntry;
  };
  return {
    entry(value) {
      if (typeof value === "string") return value;
      if (value instanceof Uint8Array) {
        return value.byteLength === value.buffer.byteLength ? value : value.slice();
      }
      if (typeof value !== "object" || value === null) {
        throw new TypeError(`it yielded ${value === null ? "null" : typeof value}`);
      }
      const { node, error } = value as { node?: unknown; error?: unknown };
      if (error instanceof Error && typeof node === "string") {
        const line = command.nodeError?.(node, error);
        const wire = { node, error: wireErrorOfPlugin(error) };
        return line === undefined ? wire : { ...wire, line };
      }
      write ??= settle(value);
      return write(value);
    },
    end() {
      const isTable = command.columns !== undefined || command.layout !== undefined;
      if (write === undefined && context.output === "table" && isTable) settle(undefined);
    },
  };
}

interface Written {
  layout: WireLayout;
  toEntry: (record: object) => WireEntry;
}

function ownLayout(command: AnyCommand): Layout<object> {
  if (command.columns !== undefined) return { columns: command.columns };
  if (command.text !== undefined) return { text: command.text };
  throw new Error(`"${command.path.join(" ")}" yields records and has no layout`);
}

function tableLayout(layout: Layout<object>, context: RenderContext): Written {
  if ("text" in layout) {
    return {
      layout: { kind: "text" },
      toEntry: (record) => ({ text: String(layout.text(record, context)) }),
    };
  }
  const flush = layout.flush === undefined ? {} : { flush: layout.flush };
  if ("rows" in layout) {
    return {
      layout: { kind: "rows", ...flush },
      toEntry: (record) => ({ rows: layout.rows(record, context).map((row) => row.map(String)) }),
    };
  }
  const { columns, header = "always" } = layout;
  const headers = columns.map((column: Column<object>) => String(column.header));
  return {
    layout: { kind: "columns", headers, header, ...flush },
    toEntry: (record) => ({ rows: [columns.map(({ cell }) => String(cell(record, context)))] }),
  };
}

function documentLayout(command: AnyCommand, output: string): Written {
  const toText = output === "json" || output === "yaml"
    ? command.formats?.[output]
    : output === "name"
    ? command.nameOf
    : undefined;
  return {
    layout: { kind: "record", ...(toText === undefined ? {} : { hasOwnText: true }) },
    toEntry: toText === undefined
      ? (record) => ({ record })
      : (record) => ({ record: {}, text: String(toText(record)) }),
  };
}
