/** From YAML text to nodes with line numbers: the first document of a stream, or all of them. */

import type { Event } from "js-yaml";
import { CliError } from "../errors.ts";
import { firstDocument, hasContent } from "./first_document.ts";
import { loadErrorAt, loadErrorFor } from "./load_error.ts";
import { buildNode, buildNodes } from "./node_builder.ts";
import type { YamlNode } from "./node.ts";
import { countNewlines, parsePlainDocument, parsePlainDocuments } from "./plain_document.ts";

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

/** The documents of a stream up to where it breaks, and the error there. */
export interface YamlStream {
  documents: readonly YamlNode[];
  error?: CliError;
}

/** Parses all documents of a YAML stream; those before a broken one are kept. */
export async function parseDocuments(text: string): Promise<YamlStream> {
  const yaml = await import("js-yaml");
  const documents: YamlNode[] = [];
  const directive = /^(?:\s*(?:#.*)?\n)*%YAML[ \t]+(?!1\.1\s)/.exec(text);
  if (directive !== null) {
    const offset = directive[0].lastIndexOf("%");
    const error = loadErrorAt("parser", text, offset, "found incompatible YAML document");
    return { documents, error };
  }
  try {
    const { source, events } = parseLeniently(yaml, text);
    for (const document of buildNodes(yaml, source, events)) documents.push(document);
    return { documents };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const start = text.lastIndexOf("\n---", offsetOfError(text, error));
    if (documents.length > 0 || start < 0) return { documents, error };
    return { ...await parseDocuments(text.slice(0, start + 1)), error };
  }
}

/** Texts up to this size, in characters, are parsed at once, larger ones document by document. */
const longestWhole = 1 << 13;

/**
 * The documents of a stream, as {@linkcode parseDocuments} gives them, but of a large one only one at a time:
 * nodes take 50 times the memory of their text.
 */
export async function* streamDocuments(text: string): AsyncGenerator<YamlStream> {
  let [firstLine, count] = [1, 0];
  for (const piece of documentPieces(text)) {
    let documents = parsePlainDocuments(piece, firstLine);
    if (documents === undefined && piece.length === text.length) {
      yield await parseDocuments(text);
      return;
    }
    try {
      documents ??= await parsePiece(piece, firstLine);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      // What is wrong, and where in the whole text, is found out the slow way.
      const whole = await parseDocuments(text);
      yield { error, ...whole, documents: whole.documents.slice(count) };
      return;
    }
    yield { documents };
    count += documents.length;
    firstLine += countNewlines(piece);
  }
}

async function parsePiece(piece: string, firstLine: number): Promise<YamlNode[]> {
  const yaml = await import("js-yaml");
  const { source, events } = parseLeniently(yaml, piece);
  return [...buildNodes(yaml, source, events, firstLine)];
}

/** Parts a text where documents begin, which is plain to see; one with directives is left in one piece. */
function* documentPieces(text: string): Generator<string> {
  let start = 0;
  if (text.length > longestWhole && !/^%/m.test(text)) {
    for (let at = text.indexOf("\n---"); at >= 0; at = text.indexOf("\n---", at + 4)) {
      const isMarker = /\s/.test(text[at + 4] ?? "");
      // Comments before the first marker are no document.
      if (!isMarker || start === 0 && !hasContent(text.slice(0, at))) continue;
      yield text.slice(start, at + 1);
      start = at + 1;
    }
  }
  yield text.slice(start);
}

/** Where an error's text says that it is; the end of the text where it says nothing. */
function offsetOfError(text: string, { message }: CliError): number {
  const [, line] = / at L(\d+)\.C\d+/.exec(message) ?? [];
  if (line === undefined) return text.length;
  return text.split("\n", Number(line)).join("\n").length - 1;
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
