/** What `get` prints of given resources in each format: the recorded outputs, without a cluster. */

import assert from "node:assert/strict";
import { CliError } from "../../core/errors.ts";
import { findDefinition, type ResourceDefinition } from "../../core/resources/definitions.ts";
import { readItem } from "../../core/resources/item.ts";
import { createPrinter } from "../../plugins/resources/printers.ts";
import { ResourceDefinitionSpec } from "../../proto/gen/v1alpha1/meta.ts";
import type { Resource } from "../../proto/gen/v1alpha1/resource.ts";
import {
  readGetCases,
  readSeededNodes,
  type ResourceCase,
  type SeededNode,
} from "../resources_seeds.ts";

const notPrinted = /^(unreachable|unknown|ambiguous|watch|insecure|reader on sensitive|no |three)/;

Deno.test("get prints seeded resources as the official client does", async (test) => {
  const nodes = await readSeededNodes();
  for (const golden of await readGetCases()) {
    if (notPrinted.test(golden.name) || golden.args.includes("--namespace")) continue;
    await test.step(golden.name, async () => {
      const printed = await print(golden, nodes);

      assert.deepEqual(printed, { stdout: golden.stdout, errors: errorsOf(golden) });
    });
  }
});

/** The errors of printing; those of calls and of the version check have tests of their own. */
function errorsOf({ stderr }: ResourceCase): string {
  return stderr.replace(/^(error getting resource|WARNING:).*\n/gm, "");
}

async function print(golden: ResourceCase, nodes: readonly SeededNode[]) {
  const { names, words, output } = readArgs(golden.args);
  let stdout = "";
  let errors = "";
  try {
    const printer = await createPrinter(output);
    const [word = "", id] = words;
    const definition = findDefinition(definitionsOf(nodes[0]), word);
    printer.begin(definition, { isWatch: false });
    for (const name of names) {
      for (const resource of resourcesOf(nodes, name, { definition, id })) {
        try {
          for (const text of printer.print({ node: name, item: readItem(resource) })) {
            stdout += text;
          }
        } catch (error) {
          assert(error instanceof CliError);
          errors += `${error.message}\n`;
        }
      }
    }
    stdout += printer.flush();
  } catch (error) {
    assert(error instanceof CliError);
    errors += `${error.message}\n`;
  }
  return { stdout, errors };
}

function readArgs(args: readonly string[]) {
  const words: string[] = [];
  let names: string[] = [];
  let output = "table";
  for (let index = 0; index < args.length; index++) {
    if (args[index] === "-n") names = (args[++index] ?? "").split(",");
    else if (args[index] === "-o") output = args[++index] ?? "";
    else words.push(args[index] ?? "");
  }
  return { names, words: words.slice(1), output };
}

function resourcesOf(
  nodes: readonly SeededNode[],
  name: string,
  { definition, id }: { definition: ResourceDefinition; id: string | undefined },
): Resource[] {
  const node = nodes.find(({ address, names }) => address === name || names.includes(name));
  const found =
    node?.resources.filter(({ metadata }) =>
      metadata?.type === definition.type && metadata.namespace === definition.defaultNamespace &&
      (id === undefined || metadata.id === id)
    ) ?? [];
  return found.sort((left, right) => idOf(left) < idOf(right) ? -1 : 1);
}

function idOf({ metadata }: Resource): string {
  return metadata?.id ?? "";
}

function definitionsOf(node: SeededNode | undefined): ResourceDefinition[] {
  const definitions =
    node?.resources.filter(({ metadata }) =>
      metadata?.type === "ResourceDefinitions.meta.cosi.dev"
    ) ?? [];
  return definitions.map((resource) => {
    const spec = ResourceDefinitionSpec.decode(resource.spec?.protoSpec ?? new Uint8Array());
    const { resourceType, printColumns, ...names } = spec;
    return { id: idOf(resource), type: resourceType, columns: printColumns, ...names };
  });
}
