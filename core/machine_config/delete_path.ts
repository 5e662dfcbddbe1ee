/** Deleting of what a patch names by its path (spec/machine-config.md, 9.3). */

import { CliError } from "../errors.ts";
import type { Deletion, PathStep } from "./delete_marks.ts";
import { pathText } from "./delete_marks.ts";
import { fieldsOf, itemType, pointerOf, valueType } from "./schema.ts";
import type { ConfigDocument, ConfigValue } from "./value.ts";

/**
 * Deletes from a configuration; a document that is not there is passed over.
 *
 * @returns The documents that are left.
 * @throws {CliError} where the document has nothing at the path
 */
export function applyDeletion(
  documents: ConfigDocument[],
  deletion: Deletion,
): ConfigDocument[] {
  const isTarget = (document: ConfigDocument) =>
    document.kind === deletion.kind && document.apiVersion === deletion.apiVersion &&
    document.name === (deletion.kind === "" ? "" : deletion.name);
  if (deletion.path.length === 0) return documents.filter((document) => !isTarget(document));

  const target = documents.find(isTarget);
  if (target === undefined) return documents;
  const problem = deletePath(target.value, target.struct, deletion.path);
  if (problem === undefined) return documents;
  const path = pathText(deletion.path);
  const label = deletion.kind === "" ? "/v1alpha1" : `${deletion.apiVersion}/${deletion.kind}`;
  const failure = `failed to delete path '${path}': ${problem}`;
  throw new CliError(
    target.name === ""
      ? `patch delete: path '${path}' in document '${label}': ${failure}`
      : `named patch delete: document ${label}: ${failure}`,
  );
}

const notFound = "lookup failed";

/** Deletes what stands at a path; else says why it could not. */
function deletePath(
  value: ConfigValue | undefined,
  type: string,
  path: readonly PathStep[],
): string | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined || value === null) return notFound;
  if (Array.isArray(value)) {
    if (typeof step === "string" || rest.length > 0) {
      return "searching for complex paths in slices is not supported";
    }
    return deleteItem(value, type, step);
  }
  if (!(value instanceof Map) || typeof step !== "string") return notFound;
  const field = fieldsOf(type)?.get(step);
  if (fieldsOf(type) !== undefined && field === undefined) return notFound;
  if (rest.length > 0) {
    const inner = field?.type ?? pointerOf(valueType(type) ?? "any").type;
    return deletePath(value.get(step), inner, rest);
  }
  if (field === undefined && !value.has(step)) return notFound;
  value.delete(step);
  return undefined;
}

/** Removes the first item with that text; pointers have none. */
function deleteItem(
  items: ConfigValue[],
  type: string,
  step: Exclude<PathStep, string>,
): string | undefined {
  const fields = fieldsOf(pointerOf(itemType(type) ?? "any").type);
  const index = items.findIndex((item) =>
    item instanceof Map && fields?.get(step.key)?.isPointer !== true &&
    item.get(step.key) === step.value
  );
  if (index < 0) return notFound;
  items.splice(index, 1);
  return undefined;
}
