/** Configurations with a line on each field and with examples of what is left out (spec/machine-config.md, 7.2). */

import { toGoYaml, withComments, type YamlComments } from "../output/go_yaml.ts";
import { encode, type FinishStruct, writeConfig } from "./encode.ts";
import { fieldDoc } from "./field_docs.ts";
import type { Json } from "./json_patch.ts";
import { fromJson } from "./json_value.ts";
import { type Field, fieldsOf } from "./schema.ts";
import type { ConfigDocument, ConfigMap } from "./value.ts";

/** Which comments a configuration gets. */
export interface CommentOptions {
  /** What each field is for. */
  docs: boolean;
  /** Values that optional fields could have. */
  examples: boolean;
}

/** Lines that form one example, before they become comments. */
type Block = readonly string[];

/**
 * Writes a configuration with comments; it loads as the same documents as what {@linkcode writeConfig}
 * writes, which is also what comes out where neither kind of comment is asked for.
 *
 * `machine.registries` is written as `{}` where the main document has it without content; without
 * comments it is left out.
 */
export function writeCommentedConfig(
  documents: readonly ConfigDocument[],
  options: CommentOptions,
): string {
  if (!options.docs && !options.examples) return writeConfig(documents);
  return writeConfig(documents, commentStructs(options));
}

function commentStructs(options: CommentOptions): FinishStruct {
  return (encoded, value, struct) => {
    const written = withEmptyFields(encoded, value, struct);
    const lastKey = [...written.keys()].at(-1);
    const missing = exampleBlocks(struct, written, options).map((block) => asComments(block, "# "));
    const commented = [...written].map(([key, item]): [string, unknown] => {
      const isLast = key === lastKey;
      const examples = isEmpty(item) ? examplesInside(struct, key, options) : [];
      const below = [
        ...examples,
        ...(isLast ? missing.flatMap((block) => ["", ...block]) : examples.length > 0 ? [""] : []),
      ];
      const text = options.docs ? fieldDoc(struct, key)?.text : undefined;
      return [key, withComments(item, { ...placeText(text, item), below })];
    });
    return new Map(commented);
  };
}

/** The encoded struct with the empty fields that are left out only where there are no comments. */
function withEmptyFields(
  encoded: ReadonlyMap<string, unknown>,
  value: ConfigMap,
  struct: string,
): ReadonlyMap<string, unknown> {
  const written = new Map<string, unknown>();
  for (const [key, field] of fieldsOf(struct) ?? []) {
    if (encoded.has(key)) written.set(key, encoded.get(key));
    else if (value.has(key) && isKeptEmpty(struct, key, field)) {
      written.set(key, Array.isArray(value.get(key)) ? [] : new Map());
    }
  }
  return written;
}

function isKeptEmpty(struct: string, key: string, { keepEmptyIfSet }: Field): boolean {
  return keepEmptyIfSet || (struct === "v1alpha1.MachineConfig" && key === "registries");
}

/** Text on a mapping or list stands above its key, else beside the value. */
function placeText(text: string | undefined, item: unknown): YamlComments {
  if (text === undefined) return {};
  const isScalar = !(item instanceof Map) && !Array.isArray(item);
  return isScalar ? { beside: `# ${text}` } : { above: `# ${text}` };
}

function isEmpty(item: unknown): boolean {
  return item instanceof Map ? item.size === 0 : Array.isArray(item) && item.length === 0;
}

/** Examples of a struct's fields that are not written. */
function exampleBlocks(
  struct: string,
  written: ReadonlyMap<string, unknown>,
  options: CommentOptions,
): Block[] {
  if (!options.examples) return [];
  const keys = fieldsOf(struct)?.keys() ?? [];
  return [...keys].filter((key) => !written.has(key))
    .flatMap((key) => examplesOf(struct, key, options));
}

/** Examples of a field; both configurations of a cluster show most of them. */
function examplesOf(struct: string, key: string, { docs }: CommentOptions): readonly Block[] {
  const place = `${struct} ${key} ${docs}`;
  let blocks = exampleCache.get(place);
  if (blocks === undefined) {
    blocks = makeExamples(struct, key, docs);
    exampleCache.set(place, blocks);
  }
  return blocks;
}

const exampleCache = new Map<string, readonly Block[]>();

function makeExamples(struct: string, key: string, docs: boolean): Block[] {
  const { text = "", examples = [] } = fieldDoc(struct, key) ?? {};
  const type = fieldsOf(struct)?.get(key)?.type ?? "";
  return examples.map(({ name, value }, index) => [
    ...(docs && index === 0 ? [`# ${text}`] : []),
    ...(name === undefined ? [] : [`# ${name}`]),
    ...toLines(new Map([[key, encodeExample(value, type, docs)]])),
  ]);
}

/** Examples of what could stand in a field that is there and empty, below its key. */
function examplesInside(struct: string, key: string, options: CommentOptions): string[] {
  const type = fieldsOf(struct)?.get(key)?.type ?? "";
  const examples = options.examples ? fieldDoc(struct, key)?.examples ?? [] : [];
  if (examples.length === 0) {
    const inner = exampleBlocks(type, new Map(), options).map((block) => asComments(block, "#   "));
    return inner.flatMap((block, index) => index === 0 ? block : ["", ...block]);
  }
  return examples.flatMap(({ name, value }) => {
    const title = name === undefined ? [] : [`# ${name}`];
    return asComments([...title, ...toLines(encodeExample(value, type, options.docs))], "#   ");
  });
}

/** Inside an example fields are told apart by their texts, but what it leaves out is not shown. */
function encodeExample(value: Json, type: string, docs: boolean): unknown {
  return encode(fromJson(value), type, commentStructs({ docs, examples: false }));
}

function toLines(value: unknown): string[] {
  return toGoYaml(value).trimEnd().split("\n");
}

function asComments(block: Block, prefix: string): string[] {
  return block.map((line) => prefix + line);
}
