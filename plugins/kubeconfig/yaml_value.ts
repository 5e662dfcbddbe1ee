/** YAML as Kubernetes reads it: turned into JSON by the rules of YAML 1.1 (spec/kubeconfig.md, 6). */

import { CliError } from "../../core/errors.ts";
import { Timestamp, type Value } from "../../core/output/value.ts";
import { plainScalarValue } from "../../core/resources/plain_scalar.ts";
import { decodeText } from "../../core/yaml/decode_text.ts";
import type { YamlMapping, YamlNode, YamlScalar } from "../../core/yaml/node.ts";
import { parseFirstDocument } from "../../core/yaml/parse_document.ts";

/**
 * The first document of a file; null where there is none.
 *
 * @throws {CliError} in the words of the YAML library that Kubernetes uses
 */
export async function readYamlValue(bytes: Uint8Array): Promise<Value> {
  const root = await parse(bytes);
  return root === undefined ? null : valueOf(root);
}

async function parse(bytes: Uint8Array): Promise<YamlNode | undefined> {
  try {
    return await parseFirstDocument(decodeText(bytes));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(inOldWords(error.message), { cause: error });
  }
}

const newWords =
  /^go-yaml load error in (\w+)(?: \(.*?\))? at (?:L(\d+)\.C\d+(?:-L(\d+)\.C\d+)?|<.*?>): (.*)$/s;

/** The older library names one line: where a bracket was opened or, in the first line, where it was missed. */
function inOldWords(message: string): string {
  const match = newWords.exec(message);
  if (match === null) return message.replace(/^(?!yaml: )/, "yaml: ");
  const [, stage, first = "1", second = "1", problem] = match;
  // It counts from 0, but its scanner from 1.
  const line = [first, second].map((text) => Number(text) - 1).find((number) => number > 0);
  const shown = line === undefined ? undefined : stage === "scanner" ? line + 1 : line;
  return `yaml: ${shown === undefined ? "" : `line ${shown}: `}${problem}`;
}

const oldTrue = /^(y|Y|yes|Yes|YES|on|On|ON)$/;
const oldFalse = /^(n|N|no|No|NO|off|Off|OFF)$/;

function valueOf(node: YamlNode): Value {
  switch (node.kind) {
    case "scalar":
      return scalarOf(node);
    case "sequence":
      return node.items.map(valueOf);
    case "mapping":
      return mappingOf(node);
  }
}

function scalarOf({ style, tag, value }: YamlScalar): Value {
  const isText = tag === "!!str" && plainScalarValue(value) !== value;
  if (style !== "plain" || isText) return value;
  if (oldTrue.test(value)) return true;
  if (oldFalse.test(value)) return false;
  const typed = plainScalarValue(value);
  if (typed instanceof Timestamp) return value;
  if (typeof typed === "number" && !Number.isFinite(typed)) {
    throw new CliError(`json: unsupported value: ${Number.isNaN(typed) ? "NaN" : infinity(typed)}`);
  }
  return typed;
}

function infinity(value: number): string {
  return value > 0 ? "+Inf" : "-Inf";
}

/** Of keys that stand twice the last one counts; what is merged in counts where the mapping has no such key. */
function mappingOf({ pairs }: YamlMapping): Map<string, Value> {
  const merged = new Map<string, Value>();
  const own = new Map<string, Value>();
  for (const { key, value } of pairs) {
    if (key.kind === "scalar" && key.tag === "!!merge") {
      for (const [name, inner] of mergedIn(value)) if (!merged.has(name)) merged.set(name, inner);
    } else own.set(keyOf(key), valueOf(value));
  }
  return new Map([...merged, ...own]);
}

function mergedIn(node: YamlNode): [string, Value][] {
  const sources = node.kind === "sequence" ? node.items : [node];
  return sources.flatMap((source) => {
    if (source.kind === "mapping") return [...mappingOf(source)];
    throw new CliError("yaml: map merge requires map or sequence of maps as the value");
  });
}

function keyOf(key: YamlNode): string {
  if (key.kind === "scalar") return String(scalarOf(key));
  throw new CliError(`yaml: line ${key.line}: a mapping key must be a scalar`);
}
