/** The columns that `cgroups` shows: those of a preset, or of a file of the user's. */

import { CliError } from "../../../core/errors.ts";
import { readBounded } from "../../../core/files/read_bounded.ts";
import { parseTemplate } from "../go_template/parse.ts";
import type { Template } from "../go_template/syntax.ts";
import { presetNames, presets, type SchemaColumn } from "./presets.ts";

const maxFileBytes = 1024 * 1024;

/**
 * The compiled columns; a template is named for its column.
 *
 * @throws {CliError} with the official texts (spec/machine-read.md, 18).
 */
export async function loadSchema(
  { preset, schemaFile }: { preset: string; schemaFile: string },
): Promise<Template[]> {
  if (preset === "" && schemaFile === "") {
    throw new CliError("either schema file or preset must be specified");
  }
  const columns = schemaFile === "" ? presetColumns(preset) : await readSchemaFile(schemaFile);
  try {
    return columns.map(({ name, template }) => parseTemplate(name, template));
  } catch (error) {
    throw described("error compiling schema", error);
  }
}

function presetColumns(name: string): readonly SchemaColumn[] {
  const known = presetNames.find((candidate) => candidate === name);
  if (known !== undefined) return presets[known];
  throw new CliError(`invalid preset name: ${name} (valid [${presetNames.join(" ")}])`);
}

async function readSchemaFile(path: string): Promise<SchemaColumn[]> {
  const bytes = await readBounded(path, maxFileBytes).catch((error) => {
    throw described("error opening schema file", error);
  });
  const { parse } = await import("@std/yaml");
  try {
    return columnsIn(parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw described("error decoding schema file", error);
  }
}

function columnsIn(document: unknown): SchemaColumn[] {
  const columns: unknown = Object(document).columns ?? [];
  if (!Array.isArray(columns)) throw new CliError('"columns" is no list');
  return columns.map((column: unknown, index) => {
    const { name = "", template = "" } = Object(column);
    if (typeof name === "string" && typeof template === "string") return { name, template };
    throw new CliError(`column ${index + 1}: "name" and "template" must be text`);
  });
}

function described(prefix: string, error: unknown): CliError {
  const text = error instanceof Error ? error.message : String(error);
  return new CliError(`${prefix}: ${text}`, { cause: error });
}
