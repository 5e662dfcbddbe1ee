/** Machine configurations for other programs: made, patched and checked without a node, with the places of problems. */

import { CliError } from "../errors.ts";
import type { YamlMapping, YamlNode } from "../yaml/node.ts";
import { writeConfig } from "./encode.ts";
import { generateConfig } from "./generate/generate.ts";
import type { GenerateInput } from "./generate/input.ts";
import { type LoadedDocument, loadWithNodes } from "./load.ts";
import type { FoundProblem } from "./validate/validate.ts";
import { kindAndName } from "./value.ts";

/** One thing that is wrong with a configuration, or should be known of it. */
export interface MachineConfigProblem {
  /** Nodes take a configuration with warnings, and refuse one with errors. */
  severity: "error" | "warning";
  /** In the official client's words; may have several lines. */
  text: string;
  /** The document that it is about, with an empty kind for the main one; absent where that is not one alone. */
  document?: { kind: string; name: string };
  /** The narrowest place that is known, from 1: of the key or value, or of the document. */
  line: number;
  /** From 1, in characters. */
  column: number;
}

/** What a configuration is checked for. */
export interface MachineConfigCheck {
  /** Where the nodes run: what they need and allow depends on it. */
  mode: "metal" | "cloud" | "container" | "metal-agent";
}

/** The text of a node's configuration. */
export function machineConfigText(input: GenerateInput): string {
  return writeConfig(generateConfig(input));
}

/** The text with patches applied, each inline or `@file`. */
export async function patchText(text: string, given: readonly string[]): Promise<string> {
  const { loadPatches } = await import("./load_patch.ts");
  const { applyPatches } = await import("./apply_patches.ts");
  return await applyPatches(text, await loadPatches(given));
}

/** All problems of a text; one that cannot be loaded has exactly one. */
export async function problemsOf(
  text: string,
  { mode }: { mode: string },
): Promise<MachineConfigProblem[]> {
  let loaded: LoadedDocument[];
  try {
    loaded = await loadWithNodes(text);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ severity: "error", text: error.message, ...placeOfLoadError(error.message) }];
  }
  const { findProblems } = await import("./validate/validate.ts");
  const found = await findProblems(loaded.map(({ document }) => document), mode);
  const lines = text.split("\n");
  return found.map((problem) => withPlace(problem, loaded, lines));
}

/** The innermost place that the text of a load error names. */
function placeOfLoadError(text: string): { line: number; column: number } {
  const [, line, column] = /\bL(\d+)\.C(\d+)/.exec(text) ??
    /construct errors: line (\d+)/.exec(text) ?? /\bline (\d+)/.exec(text) ?? [];
  return { line: Number(line ?? 1), column: Number(column ?? 1) };
}

function withPlace(
  { severity, text, document }: FoundProblem,
  loaded: readonly LoadedDocument[],
  lines: readonly string[],
): MachineConfigProblem {
  const owner = document &&
    loaded.find((each) => kindAndName(each.document) === kindAndName(document));
  const roots = (owner === undefined ? loaded : [owner]).map(({ root }) => root);
  const line = roots.map((root) => lineOfPath(root, text) ?? lineOfValue(root, text))
    .find((each) => each !== undefined) ?? roots[0]?.line ?? 1;
  const column = (lines[line - 1]?.search(/[^\s-]/) ?? 0) + 1;
  return {
    severity,
    text,
    ...(document === undefined ? {} : { document }),
    line,
    column: Math.max(1, column),
  };
}

/** The line of what a path such as `.machine.ca.key` leads to, as far as it leads. */
function lineOfPath(root: YamlMapping, text: string): number | undefined {
  const [path] = /(?<=[\s(,]\.?|^\.?)(?:machine|cluster)(?:\.\w+)+/.exec(text) ?? [];
  let node: YamlNode = root;
  let line: number | undefined;
  for (const key of path?.split(".") ?? []) {
    const pair: YamlMapping["pairs"][number] | undefined = node.kind === "mapping"
      ? node.pairs.find((each) => each.key.kind === "scalar" && each.key.value === key)
      : undefined;
    if (pair === undefined) break;
    line = pair.key.line;
    node = pair.value;
  }
  return line;
}

/** The line of the first key or value that the text quotes. */
function lineOfValue(root: YamlMapping, text: string): number | undefined {
  for (const [, quoted = ""] of text.matchAll(/"([^"\\]+)"/g)) {
    const line = lineOfScalar(root, quoted);
    if (line !== undefined) return line;
  }
  return undefined;
}

function lineOfScalar(node: YamlNode, value: string): number | undefined {
  if (node.kind === "scalar") return node.value === value ? node.line : undefined;
  const children = node.kind === "sequence"
    ? node.items
    : node.pairs.flatMap((pair) => [pair.key, pair.value]);
  for (const child of children) {
    const line = lineOfScalar(child, value);
    if (line !== undefined) return line;
  }
  return undefined;
}
