/** Applying of patches to the text of a configuration (spec/machine-config.md, 9 and 10). */

import { CliError } from "../errors.ts";
import { toGoYaml } from "../output/go_yaml.ts";
import { compareNaturally } from "../talosconfig/name_order.ts";
import { failOnProblems, type Problems } from "../yaml/decode.ts";
import { parseDocuments } from "../yaml/parse_document.ts";
import { applyDeletion } from "./delete_path.ts";
import { checkDocumentSet } from "./document_set.ts";
import { writeConfig } from "./encode.ts";
import { freeValue } from "./free_value.ts";
import { applyJsonPatch, type Json, type JsonOperation } from "./json_patch.ts";
import { toJson } from "./json_value.ts";
import { loadConfig } from "./load.ts";
import type { Patch, StrategicStep } from "./load_patch.ts";
import { mergeStruct } from "./merge.ts";
import type { ConfigDocument } from "./value.ts";

/**
 * Applies patches in their order.
 *
 * @returns The text as it is written anew; the same text where there is no patch.
 * @throws {CliError} where configuration or patch cannot be read, or the patch does not apply
 */
export async function applyPatches(text: string, patches: readonly Patch[]): Promise<string> {
  let patched: string | readonly ConfigDocument[] = text;
  for (const patch of patches) {
    if (patch.kind === "json") patched = await patchText(asText(patched), patch.operations);
    else patched = mergePatch(await asDocuments(patched), structuredClone(patch.steps));
  }
  return asText(patched);
}

function asText(config: string | readonly ConfigDocument[]): string {
  return typeof config === "string" ? config : writeConfig(config);
}

async function asDocuments(
  config: string | readonly ConfigDocument[],
): Promise<readonly ConfigDocument[]> {
  return typeof config === "string" ? await loadConfig(config) : config;
}

/**
 * Applies patches in their order to documents, which are changed; the patches are not, so that they can be
 * applied again.
 *
 * @throws {CliError} where the patch does not apply
 */
export async function patchDocuments(
  documents: readonly ConfigDocument[],
  patches: readonly Patch[],
): Promise<readonly ConfigDocument[]> {
  let patched = documents;
  for (const patch of patches) {
    patched = patch.kind === "json"
      ? await loadConfig(await patchText(writeConfig(patched), patch.operations))
      : mergePatch(patched, structuredClone(patch.steps));
  }
  return patched;
}

/**
 * Merges a strategic patch into documents, which are changed; parts of the patch become parts of them.
 *
 * @throws {CliError} where something cannot be deleted or merged, or the result excludes itself
 */
function mergePatch(
  documents: readonly ConfigDocument[],
  steps: readonly StrategicStep[],
): ConfigDocument[] {
  let merged = [...documents];
  for (const { deletions, document } of steps) {
    for (const deletion of deletions) merged = applyDeletion(merged, deletion);
    if (document === undefined) continue;
    const target = merged.find(({ apiVersion, kind, name }) =>
      apiVersion === document.apiVersion && kind === document.kind && name === document.name
    );
    if (target === undefined) merged.push(document);
    else mergeStruct(target.value, document.value, target.struct);
  }
  checkDocumentSet(merged);
  return merged;
}

async function patchText(text: string, operations: readonly JsonOperation[]): Promise<string> {
  const { documents, error } = await parseDocuments(text);
  if (error !== undefined) {
    throw new CliError(`failure decoding talos machine config: ${error.message}`, { cause: error });
  }
  const [root] = documents;
  if (root === undefined || documents.length > 1) {
    throw new CliError(
      "JSON6902 patches are not supported for multi-document machine configuration",
    );
  }
  const problems: Problems = [];
  const value = toJson(freeValue(root, problems));
  failOnProblems(problems);
  try {
    return toGoYaml(inKeyOrder(applyJsonPatch(value, operations)), {
      indent: 2,
      sequenceIndent: false,
      oldTypeQuotes: "double",
    });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const tried = "failure applying rfc6902 patches to talos machine config";
    throw new CliError(`${tried}: ${error.message}`, { cause: error });
  }
}

function inKeyOrder(value: Json): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).sort(([left], [right]) => compareNaturally(left, right));
  return new Map(pairs.map(([key, inner]) => [key, inKeyOrder(inner)]));
}
