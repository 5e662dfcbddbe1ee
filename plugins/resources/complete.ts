/** Completion of what nodes know: resource types, ids of resources, and the nodes themselves. */

import type { CompletionResult, Context } from "../../core/command.ts";
import { CliError } from "../../core/errors.ts";
import { isList, isMap, type Value } from "../../core/output/value.ts";
import { findDefinition, listDefinitions } from "../../core/resources/definitions.ts";
import { treeToValue } from "../../core/resources/tree_value.ts";
import { loadYamlParser } from "../../core/resources/yaml_tree.ts";

const noFileCompletion = 4;
const failed = 1;

/** Ids of all definitions; once something is typed, each one's aliases before its id (spec/cli.md, 8). */
export function completeResourceType(context: Context, word: string): Promise<CompletionResult> {
  return candidates("error listing resource definitions", async () => {
    const definitions = await listDefinitions(context.talos, await firstNode(context));
    return definitions.flatMap(({ aliases, id }) => word === "" ? [id] : [...aliases, id]);
  });
}

/** Ids of the resources of the type that is typed already. */
export async function completeResourceId(context: Context): Promise<CompletionResult> {
  const { args: [type = ""], flags, talos } = context;
  const node = await firstNode(context);
  let namespace = Reflect.get(flags, "namespace");
  let fullType = "";
  const resolved = await candidates("error resolving resource kind", async () => {
    const definition = findDefinition(await listDefinitions(talos, node), type);
    fullType = definition.type;
    if (typeof namespace !== "string" || namespace === "") namespace = definition.defaultNamespace;
    return [];
  });
  if (resolved.errors !== undefined) return resolved;

  return await candidates("error listing resources", async () => {
    const state = await talos.node(node).service("cosi.resource.State");
    const ids: string[] = [];
    for await (const { resource } of state.list({ namespace, type: fullType })) {
      ids.push(resource?.metadata?.id ?? "");
    }
    return ids;
  });
}

/** Hostname and addresses of every member that whichever endpoint answers knows. */
export function completeNode({ talos }: Context): Promise<CompletionResult> {
  return candidates("error listing cluster members", async () => {
    const [state, parse] = await Promise.all([
      talos.service("cosi.resource.State"),
      loadYamlParser(),
    ]);
    const names: string[] = [];
    const members = { namespace: "cluster", type: "Members.cluster.talos.dev" };
    for await (const { resource } of state.list(members)) {
      const spec = parse(resource?.spec?.yamlSpec ?? "");
      names.push(...(spec === undefined ? [] : memberNames(treeToValue(spec))));
    }
    return names;
  });
}

function memberNames(spec: Value): string[] {
  if (!isMap(spec)) return [];
  const hostname = spec.get("hostname");
  const addresses = spec.get("addresses") ?? null;
  return [hostname, ...(isList(addresses) ? addresses : [])]
    .filter((name) => typeof name === "string" && name !== "") as string[];
}

async function firstNode(context: Context): Promise<string> {
  const [node = ""] = await context.nodes();
  return node;
}

async function candidates(
  what: string,
  find: () => Promise<string[]>,
): Promise<CompletionResult> {
  try {
    return { candidates: await find(), directive: noFileCompletion };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const problem = new CliError(`${what}: ${error.message}`, { cause: error });
    return { candidates: [], directive: failed, errors: [problem] };
  }
}
