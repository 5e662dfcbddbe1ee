/** Loading of a whole configuration: all its documents, each of a known kind, none twice (spec/machine-config.md, 8). */

import { CliError } from "../errors.ts";
import { parseDocuments } from "../yaml/parse_document.ts";
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
  const seen = new Set<string>();
  for await (const root of configMappings(text)) {
    const identity = identityOf(root);
    if (seen.has(identity)) {
      throw new CliError(`duplicate document ${identity} is not allowed (line ${root.line})`);
    }
    seen.add(identity);
    documents.push(readDocument(root));
  }
  if (documents.length === 0) throw new CliError("config not found");
  checkDocumentSet(documents);
  return documents;
}

/** The documents of a text that hold anything, up to the first that is broken, which throws. */
export async function* configMappings(text: string): AsyncGenerator<YamlMapping> {
  const { documents, error } = await parseDocuments(text);
  for (const document of documents) {
    const root = mappingOf(document);
    if (root !== undefined) yield root;
  }
  if (error !== undefined) {
    throw new CliError(`decode error: ${error.message}`, { cause: error });
  }
}
