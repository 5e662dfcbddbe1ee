/** `@std/yaml` for what is used of it, over js-yaml, its ancestor; the import map binds the name. */

import { dump, loadAll } from "js-yaml";

/**
 * Reads one YAML document, with the types of YAML's core schema; no document at all is `null`.
 *
 * @throws {Error} that tells line and column, or that there is more than one document.
 */
export function parse(content: string): unknown {
  const documents = loadAll(content);
  if (documents.length > 1) throw new SyntaxError("expected one YAML document, but found more");
  return documents[0] ?? null;
}

/** How {@linkcode stringify} lays a document out. */
export interface StringifyOptions {
  /** Columns a level; default 2. */
  indent?: number;
  /** Column at which long text is folded, -1 for never; default 80. */
  lineWidth?: number;
}

/** Writes a value as a YAML document with a newline at its end. */
export function stringify(data: unknown, options: StringifyOptions = {}): string {
  return dump(data, options);
}
