/** Loading of a whole configuration: all its documents, each of a known kind, none twice (spec/machine-config.md, 8). */

import { CliError } from "../errors.ts";
import { streamDocuments } from "../yaml/parse_document.ts";
import type { YamlMapping } from "../yaml/node.ts";
import { addToSet, hasIdentity, newDocumentSet } from "./document_set.ts";
import { identityOf, mappingOf, readDocument } from "./read_document.ts";
import type { ConfigDocument } from "./value.ts";

/**
 * Loads a configuration.
 *
 * @throws {CliError} with the official client's text for the first thing that is wrong
 */
export async function loadConfig(text: string): Promise<ConfigDocument[]> {
  return await Array.fromAsync(streamConfig(text));
}

/**
 * The documents of a configuration, each as soon as it is read: what is wrong with it may come after some of them.
 *
 * @throws {CliError} as {@linkcode loadConfig} does
 */
export async function* streamConfig(text: string): AsyncGenerator<ConfigDocument> {
  for await (const { document } of readDocuments(text)) yield document;
}

/** A document, and the YAML that it was read from. */
export interface LoadedDocument {
  document: ConfigDocument;
  root: YamlMapping;
}

/** {@linkcode loadConfig} for those who want to say where something stands. */
export async function loadWithNodes(text: string): Promise<LoadedDocument[]> {
  return await Array.fromAsync(readDocuments(text));
}

async function* readDocuments(text: string): AsyncGenerator<LoadedDocument> {
  const set = newDocumentSet();
  let isEmpty = true;
  let problem: string | undefined;
  for await (const root of configMappings(text)) {
    const identity = identityOf(root);
    if (hasIdentity(set, identity)) {
      throw new CliError(`duplicate document ${identity} is not allowed (line ${root.line})`);
    }
    const document = readDocument(root);
    const found = addToSet(set, document, identity);
    problem ??= found;
    isEmpty = false;
    yield { document, root };
  }
  if (isEmpty) throw new CliError("config not found");
  // Later than whatever is wrong with one document alone.
  if (problem !== undefined) throw new CliError(problem);
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
