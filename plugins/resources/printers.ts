/** The output formats of `get`: what is printed for an item, and when. */

import { CliError } from "../../core/errors.ts";
import type { Value } from "../../core/output/value.ts";
import type { ResourceDefinition } from "../../core/resources/definitions.ts";
import type { ResourceItem } from "../../core/resources/item.ts";

/** What happened to a watched item. */
export type ItemEvent = "created" | "updated" | "destroyed";

/** An item and where it comes from; `event` is there when watching. */
export interface FoundItem {
  node: string;
  item: ResourceItem;
  event?: ItemEvent;
}

/** Prints items in one format. */
export interface ItemPrinter {
  /** Called once, before any item. */
  begin(definition: ResourceDefinition, options: { isWatch: boolean }): void;
  /**
   * The text of an item, in pieces; tables hold it back until the next flush.
   *
   * @throws {CliError} for an item that cannot be shown, maybe after a piece.
   */
  print(found: FoundItem): Iterable<string>;
  /** What is held back. */
  flush(): string;
}

/**
 * The printer for a value of `--output`.
 *
 * @throws {CliError} for a format that is none, and a template that cannot be read.
 */
export async function createPrinter(output: string): Promise<ItemPrinter> {
  if (output === "table") return await tablePrinter();
  if (output === "yaml") return await yamlPrinter();
  if (output === "json") return await jsonPrinter();
  if (output.startsWith("jsonpath=")) {
    return await jsonpathPrinter(output.slice("jsonpath=".length));
  }
  throw new CliError(`output format "${output}" is not supported`);
}

/** Spec/resources.md, 5.2: the columns follow from the type, so the table is made here and not by the frame. */
async function tablePrinter(): Promise<ItemPrinter> {
  const [{ TableBuffer }, { compileColumn }, { specTree }, { treeToValue }, parse] = await Promise
    .all([
      import("../../core/output/table.ts"),
      import("../../core/output/jsonpath/jsonpath.ts"),
      import("../../core/resources/item.ts"),
      import("../../core/resources/tree_value.ts"),
      loadParser(),
    ]);
  const buffer = new TableBuffer();
  let displayType = "";
  let cells: ((spec: Value) => string)[] = [];
  return {
    begin(definition, { isWatch }) {
      displayType = definition.displayType;
      cells = definition.columns.map(({ jsonPath }) => compileColumn(jsonPath));
      const names = definition.columns.map(({ name }) => name.toUpperCase());
      const mark = isWatch ? ["*"] : [];
      buffer.add(["NODE", ...mark, "NAMESPACE", "TYPE", "ID", "VERSION", ...names]);
    },
    print({ node, item, event }) {
      const spec = treeToValue(specTree(item, parse));
      const mark = event === undefined ? [] : [eventMarks[event]];
      const { namespace, id, version } = item;
      const values = cells.map((cell) => cell(spec));
      buffer.add([node, ...mark, namespace, displayType, id, version, ...values]);
      return [];
    },
    flush: () => buffer.flush(),
  };
}

const eventMarks: Readonly<Record<ItemEvent, string>> = {
  created: "+",
  updated: " ",
  destroyed: "-",
};

async function yamlPrinter(): Promise<ItemPrinter> {
  const [{ itemTree }, { writeYamlTree }, parse] = await Promise.all([
    import("../../core/resources/item_tree.ts"),
    import("../../core/resources/write_tree.ts"),
    loadParser(),
  ]);
  let separator = "";
  return {
    ...directPrinter,
    *print({ node, item, event }) {
      const eventLine = event === undefined ? "" : `event: ${event}\n`;
      yield `${separator}node: ${node}\n${eventLine}`;
      separator = "---\n";
      yield writeYamlTree(itemTree(item, parse));
    },
  };
}

async function jsonPrinter(): Promise<ItemPrinter> {
  const [{ valueToJson }, toValue] = await Promise.all([
    import("../../core/output/value.ts"),
    loadItemToValue(),
  ]);
  return { ...directPrinter, print: (found) => [valueToJson(toValue(found), 4) + "\n"] };
}

async function jsonpathPrinter(template: string): Promise<ItemPrinter> {
  const [{ compileOnceRangingJsonpath }, toValue] = await Promise.all([
    import("../../core/output/jsonpath/jsonpath.ts"),
    loadItemToValue(),
  ]);
  const print = compileOnceRangingJsonpath(template);
  return { ...directPrinter, print: (found) => [print(toValue(found))] };
}

/** What printers share that hold nothing back. */
const directPrinter = { begin: () => {}, flush: () => "" };

/** The object of spec/resources.md 5.4: the YAML document read back, with the node and the event. */
async function loadItemToValue(): Promise<(found: FoundItem) => Value> {
  const [{ itemTree }, { treeToValue }, parse] = await Promise.all([
    import("../../core/resources/item_tree.ts"),
    import("../../core/resources/tree_value.ts"),
    loadParser(),
  ]);
  return ({ node, item, event }) => {
    const document = treeToValue(itemTree(item, parse)) as ReadonlyMap<string, Value>;
    const context: [string, Value][] = event === undefined ? [] : [["event", event]];
    return new Map([...document, ["node", node], ...context]);
  };
}

async function loadParser() {
  const { loadYamlParser } = await import("../../core/resources/yaml_tree.ts");
  return await loadYamlParser();
}
