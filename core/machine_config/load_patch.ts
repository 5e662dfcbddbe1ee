/** Patches as they are given to commands: inline or in a file, to merge or as JSON operations (spec/machine-config.md, 9.1). */

import { CliError } from "../errors.ts";
import { readBounded } from "../files/read_bounded.ts";
import { failOnProblems, type Problems } from "../yaml/decode.ts";
import { decodeText } from "../yaml/decode_text.ts";
import { parseDocuments } from "../yaml/parse_document.ts";
import { type Deletion, takeDeletions } from "./delete_marks.ts";
import { freeValue } from "./free_value.ts";
import type { JsonOperation } from "./json_patch.ts";
import { jsonProblem } from "./json_text.ts";
import { toJson } from "./json_value.ts";
import { configMappings } from "./load.ts";
import { readDocument } from "./read_document.ts";
import type { ConfigDocument } from "./value.ts";

/** One patch. */
export type Patch =
  | { kind: "strategic"; steps: readonly StrategicStep[] }
  | { kind: "json"; operations: readonly JsonOperation[] };

/** One document of a strategic patch: it deletes first, then merges. */
export interface StrategicStep {
  deletions: readonly Deletion[];
  document?: ConfigDocument;
}

/** Larger files are no patches. */
const maxPatchBytes = 64 * 1024 * 1024;

/**
 * Loads patches in the order given; consecutive JSON patches become one.
 *
 * @param given Each inline, or the name of a file, with or without `@` before it.
 * @throws {CliError} with the official client's text
 */
export async function loadPatches(given: readonly string[]): Promise<Patch[]> {
  const patches: Patch[] = [];
  for (const text of given) {
    const patch = await parsePatch(await readPatchText(text));
    const last = patches.at(-1);
    if (patch.kind === "json" && last?.kind === "json") {
      const operations = [...last.operations, ...patch.operations];
      patches.splice(-1, 1, { kind: "json", operations });
    } else patches.push(patch);
  }
  return patches;
}

/** The text of a patch: as it is given, or what is in the file that is named. */
export async function readPatchText(given: string): Promise<string> {
  const isInline = /[\n ]/.test(given) || /^[[{]/.test(given);
  if (!given.startsWith("@") && isInline) return given;
  const path = given.replace(/^@/, "");
  return decodeText(await readBounded(path, maxPatchBytes));
}

async function parsePatch(text: string): Promise<Patch> {
  try {
    return { kind: "strategic", steps: await strategicSteps(text) };
  } catch (strategic) {
    if (!(strategic instanceof CliError)) throw strategic;
    const operations = jsonOperations(text) ?? await yamlOperations(text);
    if (operations !== undefined) return { kind: "json", operations };
    if (!text.trim().startsWith("[")) throw strategic;
    const problem = jsonProblem(text) ?? "json: a patch is a list of operations, each an object";
    throw new CliError(problem, { cause: strategic });
  }
}

async function strategicSteps(text: string): Promise<StrategicStep[]> {
  const steps: StrategicStep[] = [];
  for await (const root of configMappings(text)) {
    const { deletions, rest } = takeDeletions(root);
    if (rest !== undefined) steps.push({ deletions, document: readDocument(rest) });
    else if (deletions.length > 0) steps.push({ deletions });
  }
  if (steps.length === 0) throw new CliError("config not found");
  return steps;
}

function jsonOperations(text: string): JsonOperation[] | undefined {
  return jsonProblem(text) === undefined ? operationsIn(JSON.parse(text)) : undefined;
}

async function yamlOperations(text: string): Promise<JsonOperation[] | undefined> {
  const { documents: [root], error } = await parseDocuments(text);
  if (root?.kind !== "sequence" || error !== undefined) return undefined;
  const problems: Problems = [];
  const value = toJson(freeValue(root, problems));
  failOnProblems(problems);
  return operationsIn(value);
}

function operationsIn(value: unknown): JsonOperation[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === "object" && item !== null && !Array.isArray(item))
    ? value
    : undefined;
}
