/** From the text of a talosconfig to what it means, with the official error texts (spec/client.md, 1.3). */

import { CliError } from "../errors.ts";
import { goQuote } from "../output/go_quote.ts";
import {
  decodeMapping,
  decodeString,
  decodeStrings,
  failOnProblems,
  isNull,
  type Problems,
} from "../yaml/decode.ts";
import { decodeText } from "../yaml/decode_text.ts";
import type { YamlNode } from "../yaml/node.ts";
import { parseFirstDocument } from "../yaml/parse_document.ts";
import type { Talosconfig, TalosconfigAuth, TalosconfigContext } from "./talosconfig.ts";

/**
 * Reads a talosconfig.
 *
 * Certificates and keys are taken as they are; a legacy `target` becomes the last endpoint.
 *
 * @throws {CliError} for broken YAML and for values of the wrong kind; the text bears no prefix
 */
export async function parseTalosconfig(bytes: Uint8Array): Promise<Talosconfig> {
  const root = await parseFirstDocument(decodeText(bytes));
  if (root === undefined) {
    throw new CliError("EOF", { hint: "the talosconfig is empty: remove it, or write {} into it" });
  }
  const problems: Problems = [];
  const fields = decodeMapping(root, "config.Config", problems);
  const context = stringField(fields, "context", problems);
  const contexts = new Map<string, TalosconfigContext>();
  const contextsNode = fields.get("contexts");
  if (contextsNode !== undefined) {
    const nodes = decodeMapping(contextsNode, "map[string]*config.Context", problems);
    for (const [name, node] of nodes) {
      if (isNull(node)) {
        throw new CliError(`line ${node.line}: context ${goQuote(name)} has no value`, {
          hint: "give it endpoints, or remove its line",
        });
      }
      contexts.set(name, decodeContext(node, problems));
    }
  }
  failOnProblems(problems);
  return { context, contexts };
}

function decodeContext(node: YamlNode, problems: Problems): TalosconfigContext {
  const fields = decodeMapping(node, "config.Context", problems);
  const target = stringField(fields, "target", problems);
  const endpoints = stringsField(fields, "endpoints", problems);
  const nodes = stringsField(fields, "nodes", problems);
  return {
    ...(target || endpoints ? { endpoints: [...endpoints ?? [], ...target ? [target] : []] } : {}),
    ...(nodes ? { nodes } : {}),
    ca: stringField(fields, "ca", problems),
    crt: stringField(fields, "crt", problems),
    key: stringField(fields, "key", problems),
    auth: decodeAuth(fields.get("auth"), problems),
    cluster: stringField(fields, "cluster", problems),
    proxyUrl: stringField(fields, "proxy-url", problems),
  };
}

function decodeAuth(node: YamlNode | undefined, problems: Problems): TalosconfigAuth {
  const auth: TalosconfigAuth = {};
  if (node === undefined) return auth;
  const fields = decodeMapping(node, "config.Auth", problems);
  const basic = fields.get("basic");
  if (basic !== undefined && !isNull(basic)) {
    const login = decodeMapping(basic, "config.Basic", problems);
    auth.basic = {
      username: stringField(login, "username", problems),
      password: stringField(login, "password", problems),
    };
  }
  const siderov1 = fields.get("siderov1");
  if (siderov1 !== undefined && !isNull(siderov1)) {
    const account = decodeMapping(siderov1, "config.SideroV1", problems);
    auth.siderov1 = { identity: stringField(account, "identity", problems) };
  }
  return auth;
}

function stringField(
  fields: ReadonlyMap<string, YamlNode>,
  name: string,
  problems: Problems,
): string {
  const node = fields.get(name);
  return node === undefined ? "" : decodeString(node, problems);
}

function stringsField(
  fields: ReadonlyMap<string, YamlNode>,
  name: string,
  problems: Problems,
): string[] | undefined {
  const node = fields.get(name);
  return node === undefined ? undefined : decodeStrings(node, problems);
}
