/** One YAML document as a configuration document: whose it is, and what it holds (spec/machine-config.md, 8). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import { failOnProblems, type Problems } from "../yaml/decode.ts";
import type { YamlMapping, YamlNode } from "../yaml/node.ts";
import { decodeStruct } from "./decode.ts";
import { documentKind, mainStruct } from "./schema.ts";
import { writeUnknownKeys } from "./unknown_keys.ts";
import type { ConfigDocument } from "./value.ts";

/** A mapping's own words on what it is: such as `v1alpha1/LinkConfig/eth0`. */
export function identityOf(root: YamlMapping): string {
  const kind = topText(root, "kind") ?? "v1alpha1";
  return `${topText(root, "apiVersion") ?? ""}/${kind}/${topText(root, "name") ?? ""}`;
}

/** The text of a key at the top of a document. */
export function topText(root: YamlMapping, name: string): string | undefined {
  const pair = root.pairs.find(({ key }) => key.kind === "scalar" && key.value === name);
  return pair?.value.kind === "scalar" ? pair.value.value : undefined;
}

/** The mapping a document must be; nothing for a null document. */
export function mappingOf(root: YamlNode): YamlMapping | undefined {
  if (root.kind === "mapping") return root;
  if (root.kind === "scalar" && root.tag === "!!null") return undefined;
  throw new CliError(`expected a YAML document at line ${root.line}`);
}

/**
 * Decodes a document.
 *
 * @throws {CliError} that names the document and its line, for whatever does not fit
 */
export function readDocument(root: YamlMapping): ConfigDocument {
  try {
    return decodeDocument(root);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const where = `${identityOf(root)} (line ${root.line})`;
    throw new CliError(`error decoding document ${where}: ${error.message}`, { cause: error });
  }
}

function decodeDocument(root: YamlMapping): ConfigDocument {
  const { kind, apiVersion, struct } = dispatch(root);
  const problems: Problems = [];
  const { value = new Map(), unknown } = decodeStruct(root, struct, problems);
  try {
    failOnProblems(problems);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`error decoding ${kind} to *${struct}: ${error.message}`, { cause: error });
  }
  if (unknown !== undefined) {
    throw new CliError(`unknown keys found during decoding:\n${writeUnknownKeys(unknown)}`);
  }
  const name = documentKind(kind)?.isNamed === true ? value.get("name") : undefined;
  return { apiVersion, kind, name: typeof name === "string" ? name : "", struct, value };
}

/** Words that only the main document has, which does not say what it is. */
const mainWords: readonly string[] = ["machine", "cluster", "debug", "persist"];

function scalarText(node: YamlNode): string {
  return node.kind === "scalar" ? node.value : "";
}

function dispatch(root: YamlMapping): { kind: string; apiVersion: string; struct: string } {
  let version = "";
  for (const { key, value } of root.pairs) {
    const [word, text] = [scalarText(key), scalarText(value)];
    if (mainWords.includes(word) || mainWords.includes(text)) version = "v1alpha1";
    if (word === "apiVersion") version = text;
  }
  const kind = topText(root, "kind") ?? "";
  if (version === "v1alpha1" && kind === "") return { kind, apiVersion: "", struct: mainStruct };
  if (kind === "") throw new CliError("missing kind");
  if (version === "") throw new CliError("missing apiVersion");
  const known = version === "v1alpha1" ? documentKind(kind) : undefined;
  if (known === undefined) {
    throw new CliError(`${goQuote(kind)} ${goQuote(version)}: not registered`);
  }
  return { kind, apiVersion: version, struct: known.struct };
}
