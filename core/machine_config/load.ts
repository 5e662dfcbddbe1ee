/** Loading of a whole configuration: all its documents, each of a known kind, none twice (spec/machine-config.md, 8). */

import { CliError } from "../errors.ts";
import { streamDocuments } from "../yaml/parse_document.ts";
import type { YamlMapping } from "../yaml/node.ts";
import { checkDocumentSet } from "./document_set.ts";
import { identityOf, mappingOf, readDocument } from "./read_document.ts";
import type { ConfigDocument } from "./value.ts";

/**
 * Loads a configuration.
 *
 * @throws {CliError} with the official client's text for the first thing that is wrong
 */
export async function loadConfig(text: string): Promise<ConfigDocument[]> {
  const documents: ConfigDocument[] = [];
  for await (const { document } of readDocuments(text)) documents.push(document);
  checkLoaded(documents);
  return documents;
}

/** A document, and the YAML that it was read from. */
export interface LoadedDocument {
  document: ConfigDocument;
  root: YamlMapping;
}

/** {@linkcode loadConfig} for those who want to say where something stands. */
export async function loadWithNodes(text: string): Promise<LoadedDocument[]> {
  const loaded = await Array.fromAsync(readDocuments(text));
  checkLoaded(loaded.map(({ document }) => document));
  return loaded;
}

async function* readDocuments(text: string): AsyncGenerator<LoadedDocument> {
  const seen = new Set<string>();
  for await (const root of configMappings(text)) {
    const identity = identityOf(root);
    if (seen.has(identity)) {
      throw new CliError(`duplicate document ${identity} is not allowed (line ${root.line})`);
    }
    seen.add(identity);
    yield { document: readDocument(root), root };
  }
}

function checkLoaded(documents: readonly ConfigDocument[]): void {
  if (documents.length === 0) throw new CliError("config not found");
  checkDocumentSet(documents);
}

/** The documents of a text that hold anything, up to the first that is broken, which throws. */
export async function* configMappings(text: string): AsyncGenerator<YamlMapping> {
  for await (const { documents, error } of streamDocuments(text)) {
    for (const document of documents) {
      const root = mappingOf(document);
      if (root !== undefined) yield root;
    }
    if (error !== undefined) {
      throw new CliError(`decode error: ${error.message}`, { cause: error });
    }
  }
}
