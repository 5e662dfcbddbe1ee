/** Certificates and keys as PEM text (spec/machine-config.md, 12.1). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, textAt } from "../value.ts";

/** The type of the first PEM block in a text. */
function blockType(text: string): string | undefined {
  const [, type] = /^-----BEGIN ([^\n-]+)-----\s[^-]+-----END \1-----/m.exec(text) ?? [];
  return type;
}

/** What is wrong with the PEM text of a certificate. */
export function certificateProblem(text: string): string | undefined {
  return pemProblem(text, ["CERTIFICATE"]);
}

function pemProblem(text: string, expected: readonly string[]): string | undefined {
  const type = blockType(text);
  if (type === undefined) return "no PEM blocks found";
  if (expected.includes(type)) return undefined;
  const list = expected.map(goQuote).join(" ");
  return `unexpected PEM block type ${goQuote(type)}, expected one of [${list}]`;
}

const keyTypes: readonly string[] = [
  "RSA PRIVATE KEY",
  "ED25519 PRIVATE KEY",
  "EC PRIVATE KEY",
  "PRIVATE KEY",
];

/** What is wrong with the PEM text of a private key. */
export function keyProblem(text: string): string | undefined {
  return pemProblem(text, keyTypes);
}

/** What is wrong with a certificate and its key, the first only. */
export function pairProblem(pair: ConfigValue | undefined): string | undefined {
  const [certificate, key] = [textAt(pair, "cert"), textAt(pair, "key")];
  if (certificate === "") return "certificate is required";
  if (key === "") return "key is required";
  const problem = certificateProblem(certificate);
  if (problem !== undefined) return `certificate: ${problem}`;
  const ofKey = keyProblem(key);
  return ofKey === undefined ? undefined : `key: ${ofKey}`;
}
