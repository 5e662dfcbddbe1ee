/** `talosctl get`: what the controllers of the nodes know and want, as a table, documents or a stream of changes. */

import type { Talos } from "../../core/client/talos.ts";
import type { Command, Context, Entry, Flags, NodeError } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { insecureFlags } from "../../core/insecure_flags.ts";
import { findDefinition, listDefinitions } from "../../core/resources/definitions.ts";
import { readItem, type ResourceItem } from "../../core/resources/item.ts";
import { checkServerVersions } from "../../core/version_check.ts";
import { createPrinter, type FoundItem, type ItemPrinter } from "./printers.ts";
import type { Wanted } from "./wanted.ts";
import { watch } from "./watch.ts";

const flags = {
  ...insecureFlags,
  namespace: { type: "string", help: "Namespace to look in; without it, that of the type" },
  output: {
    type: "string",
    short: "o",
    help: "Format: table, yaml, json, or jsonpath=<template>",
    default: "table",
    completion: "values",
    completionValues: ["json", "table", "yaml", "jsonpath"],
  },
  watch: { type: "bool", short: "w", help: "Print changes until interrupted" },
} as const satisfies Flags;

export const get: Command<object, typeof flags> = {
  path: ["get"],
  aliases: ["g"],
  usage: "<type> [<id>]",
  summary: "Show resources of nodes",
  description: `Shows what the controllers of a node know and want: disks, addresses, services,
configuration and so on. The type can be given by its name or an alias;
"talosctl get rd" lists all types.`,
  example: `  talosctl get members
  talosctl get disks -n 10.5.0.2 -o yaml
  talosctl get addresses -n 10.5.0.2 --watch
  talosctl get nodename -n 10.5.0.2 -o jsonpath='{.spec.nodename}'`,
  group: "talos",
  args: {
    rule: "range",
    min: 1,
    max: 2,
    completion: { positions: ["resourceType", "resourceId"], rest: "error" },
  },
  flags,
  targets: "many",
  nodeError: (_node, error) => error.message,

  async *run(context) {
    const { args: [word = "", id = ""], flags, talos } = context;
    const nodes = await context.nodes();
    await checkServerVersions(context, nodes);
    const printer = await createPrinter(flags.output);

    const definitions = await listDefinitions(talos, nodes[0] ?? "");
    const definition = findDefinition(definitions, word);
    const namespace = flags.namespace === "" ? definition.defaultNamespace : flags.namespace;
    const wanted = { namespace, type: definition.type, id };

    printer.begin(definition, { isWatch: flags.watch });
    yield* flags.watch
      ? watch(context, { nodes, wanted, printer })
      : show(context, { nodes, wanted, printer });
  },
};

/** What a run works with once the type is known. */
interface Work {
  nodes: readonly string[];
  wanted: Wanted;
  printer: ItemPrinter;
}

/** Node after node, in the order of the command line; a table is aligned over all of them. */
async function* show(
  { talos }: Pick<Context, "talos">,
  { nodes, wanted, printer }: Work,
): AsyncGenerator<Entry<object>> {
  for (const node of nodes) {
    for await (const found of fetchItems(talos, node, wanted)) {
      if ("error" in found) yield found;
      else yield* printItem(printer, { node, item: found });
    }
  }
  yield printer.flush();
}

/** One item or all; a failed call ends the list, not the command. */
async function* fetchItems(
  talos: Talos,
  node: string,
  { namespace, type, id }: Wanted,
): AsyncGenerator<ResourceItem | NodeError> {
  let what = `building client for node ${node}`;
  try {
    const state = await talos.node(node).service("cosi.resource.State");
    if (id === "") {
      what = `listing resources on node ${node}`;
      for await (const { resource } of state.list({ namespace, type })) yield readItem(resource);
    } else {
      what = `getting resource on node ${node}`;
      const { resource } = await state.get({ namespace, type, id });
      yield readItem(resource);
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    yield { node, error: new CliError(`error ${what}: ${error.message}`, { cause: error }) };
  }
}

/** An item that cannot be shown costs its own row or document alone. */
function* printItem(printer: ItemPrinter, found: FoundItem): Generator<Entry<object>> {
  try {
    yield* printer.print(found);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    yield { node: found.node, error };
  }
}
