/** Checks of documents about images: registries, the container runtime, verification (spec/machine-config.md, 12.3). */

import { goQuote } from "../../output/go_quote.ts";
import { parseUrl } from "../urls.ts";
import { type ConfigValue, listAt, textAt, valueAt } from "../value.ts";
import { certificateProblem, pairProblem } from "./certificates.ts";
import type { DocumentChecks, Findings } from "./findings.ts";
import { keyProblem } from "./labels.ts";
import { requireName } from "./links.ts";

/** The checks by kind. */
export const imageChecks: DocumentChecks = {
  CRICustomizationConfig: ({ name }, { errors }) => {
    const problem = keyProblem(name);
    if (problem !== undefined) errors.push(`invalid name: ${problem}`);
    if (name === "customization") {
      errors.push('name "customization" is reserved for the legacy CRI customization');
    }
  },
  RegistryAuthConfig: ({ value }, findings) => {
    requireName(value, findings);
    const hasPassword = textAt(value, "username") !== "" || textAt(value, "password") !== "";
    const hasToken = textAt(value, "identityToken") !== "";
    if (hasPassword && hasToken) {
      findings.errors.push(
        "only one of username/password or identityToken authentication can be specified",
      );
    }
    if (textAt(value, "auth") !== "" && (hasPassword || hasToken)) {
      findings.errors.push(
        "only one of auth, username/password or identityToken authentication can be specified",
      );
    }
  },
  RegistryMirrorConfig: ({ value }, findings) => {
    requireName(value, findings);
    for (const [index, endpoint] of listAt(value, "endpoints").entries()) {
      const url = textAt(endpoint, "url");
      const { scheme } = parseUrl(url);
      const where = `endpoints[${index}].url`;
      if (url === "") findings.errors.push(`${where} must be specified`);
      else if (!["http", "https"].includes(scheme)) {
        findings.errors.push(`${where} has unsupported scheme: ${goQuote(scheme)}`);
      }
    }
  },
  RegistryTLSConfig: ({ value }, findings) => {
    requireName(value, findings);
    const ca = textAt(value, "ca");
    if (ca !== "" && certificateProblem(ca) !== undefined) {
      findings.errors.push("ca must be a valid PEM-encoded certificate");
    }
    const identity = valueAt(value, "clientIdentity");
    const problem = identity === undefined ? undefined : pairProblem(identity);
    if (problem !== undefined) findings.errors.push(`client identity: ${problem}`);
  },
  ImageVerificationConfig: ({ value }, findings) => {
    for (const [index, rule] of listAt(value, "rules").entries()) checkRule(rule, index, findings);
  },
};

function checkRule(rule: ConfigValue, index: number, { errors, warnings }: Findings): void {
  const fail = (text: string) => errors.push(`rule ${index}: ${text}`);
  const warn = (text: string) => warnings.push(`rule ${index}: ${text}`);
  const [pattern, keyless] = [textAt(rule, "image"), valueAt(rule, "keyless")];
  const publicKey = valueAt(rule, "publicKey");
  const [skip, deny] = [valueAt(rule, "skip") === true, valueAt(rule, "deny") === true];
  const count = [keyless, publicKey].filter((verifier) => verifier !== undefined).length;

  if (pattern === "") fail("imagePattern must be specified");
  if (skip && deny) fail("skip and deny cannot both be true");
  if ((skip || deny) && count > 0) {
    fail("verifiers cannot be configured if skip or deny is true");
  }
  if (!skip && !deny && count === 0) fail("at least one verifier must be configured");
  if (count > 1) fail("only one of keyless or publicKey verifier can be configured");
  if (keyless !== undefined) {
    if (textAt(keyless, "issuer") === "") fail("verifier OIDC issuer must be specified");
    if (textAt(keyless, "subject") === "" && textAt(keyless, "subjectRegex") === "") {
      fail("verifier subject or subjectRegex must be specified");
    }
  }
  if (publicKey !== undefined && textAt(publicKey, "certificate") === "") {
    fail("verifier certificates must be specified");
  }

  const unmatched = "but matching only applies to the image registry and repository, " +
    "not the tag or digest";
  if (pattern.includes("@")) warn(`imagePattern contains '@' ${unmatched}`);
  if (/\/.*:/.test(pattern)) warn(`imagePattern contains ':' ${unmatched}`);
  if (pattern !== "" && !pattern.includes("/")) {
    warn(
      "imagePattern does not contain a '/', image references like 'nginx' are matched as " +
        "'docker.io/nginx' (normalized)",
    );
  }
}
