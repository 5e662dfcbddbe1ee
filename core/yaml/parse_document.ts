/** From YAML text to nodes with line numbers: the first document of a stream. */

import type { Event } from "js-yaml";
import { firstDocument } from "./first_document.ts";
import { loadErrorFor } from "./load_error.ts";
import { buildNode } from "./node_builder.ts";
import type { YamlNode } from "./node.ts";
import { parsePlainDocument } from "./plain_document.ts";

/** Work that repairing indentation may take: characters parsed again. */
const maxReparsedCharacters = 1 << 24;

/**
 * Parses the first document of a YAML stream; what follows it is not looked at.
 *
 * Everything is kept as written: what a value means is for the caller to say. Aliases are resolved.
 *
 * @returns Its root, or undefined where the stream holds no document at all.
 * @throws {CliError} with the text of Go's YAML library for broken YAML
 */
export async function parseFirstDocument(text: string): Promise<YamlNode | undefined> {
  const plain = parsePlainDocument(text);
  if (plain !== undefined) return plain;
  return await parseAnyDocument(text);
}

/** The same by the YAML library alone, which the quick way must not differ from. */
export async function parseAnyDocument(text: string): Promise<YamlNode | undefined> {
  const yaml = await import("js-yaml");
  const { source, events } = parseLeniently(yaml, firstDocument(text));
  return buildNode(yaml, source, events);
}

/**
 * Go's library takes continuation lines of brackets and quotes at any indentation, js-yaml wants
 * them deeper than their key. Leading blanks mean nothing there, so such lines get enough of them.
 */
function parseLeniently(
  yaml: typeof import("js-yaml"),
  text: string,
): { source: string; events: Event[] } {
  const indentedLines = new Set<number>();
  let source = text;
  let indentation = "";
  while (true) {
    try {
      return { source, events: yaml.parseEvents(source, {}) };
    } catch (error) {
      if (!(error instanceof yaml.YAMLException) || error.mark === undefined) throw error;
      const { line, column, position } = error.mark;
      const canRepair = error.reason === "deficient indentation" && !indentedLines.has(line) &&
        indentedLines.size * text.length < maxReparsedCharacters;
      if (!canRepair) {
        const shift = indentedLines.has(line) ? indentation.length : 0;
        throw loadErrorFor(text, { line, column: Math.max(0, column - shift) }, error);
      }
      indentation ||= " ".repeat(widestIndentation(text) + 1);
      const lineStart = source.lastIndexOf("\n", position - 1) + 1;
      source = source.slice(0, lineStart) + indentation + source.slice(lineStart);
      indentedLines.add(line);
    }
  }
}

function widestIndentation(text: string): number {
  let widest = 0;
  for (const [blanks] of text.matchAll(/(?<=^|\n) +/g)) widest = Math.max(widest, blanks.length);
  return widest;
}
