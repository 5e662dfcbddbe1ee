/** Validation of a whole configuration: every problem at once, in the official order (spec/machine-config.md, 11). */

import { countedText } from "../../counted_errors.ts";
import { type ConfigDocument, kindAndName } from "../value.ts";
import { containerChecks } from "./containers.ts";
import { type DocumentChecks, type Findings, newFindings } from "./findings.ts";
import { imageChecks } from "./images.ts";
import { kubernetesChecks } from "./kubernetes.ts";
import { linkChecks } from "./links.ts";
import { checkMain } from "./main.ts";
import { conflictWithMain } from "./main_conflicts.ts";
import { networkChecks } from "./network.ts";
import { ruleChecks } from "./network_rules.ts";
import { runtimeChecks } from "./runtime.ts";
import { storageChecks } from "./storage.ts";
import { volumeChecks } from "./volumes.ts";
import { wholeSetProblems } from "./whole_set.ts";

/** The platforms a configuration can be checked for; `metal-agent` is not advertised. */
export const modes: readonly string[] = ["metal", "cloud", "container", "metal-agent"];

/** How a configuration is checked. */
export interface ValidateOptions {
  /** One of {@linkcode modes}. */
  mode: string;
  /** Warnings of the main document count as errors. */
  isStrict: boolean;
}

/**
 * Checks a configuration.
 *
 * @returns Warnings and errors as the official client words them; an error may have several lines.
 */
export async function validateConfig(
  documents: readonly ConfigDocument[],
  { mode, isStrict }: ValidateOptions,
): Promise<Findings> {
  const { errors, warnings } = newFindings();
  const main = documents.find(({ kind }) => kind === "")?.value;
  const others = documents.filter(({ kind }) => kind !== "");
  if (main !== undefined) {
    const found = checkMain(main, mode);
    if (isStrict) found.errors.push(...found.warnings.map((text) => `warning: ${text}`));
    else warnings.push(...found.warnings);
    if (found.errors.length > 0) errors.push(`v1alpha1.Config: ${countedText(found.errors)}`);
  }
  for (const document of others) {
    const found = newFindings();
    await checks[document.kind]?.(document, found);
    warnings.push(...found.warnings);
    if (found.errors.length > 0) errors.push(`${labelOf(document)}: ${found.errors.join("\n")}`);
  }
  if (main !== undefined) {
    errors.push(...others.flatMap((document) => conflictWithMain(main, document) ?? []));
  }
  errors.push(...wholeSetProblems(others, main, mode));
  return { errors, warnings };
}

const checks: DocumentChecks = {
  ...containerChecks,
  ...imageChecks,
  ...kubernetesChecks,
  ...linkChecks,
  ...networkChecks,
  ...ruleChecks,
  ...runtimeChecks,
  ...storageChecks,
  ...volumeChecks,
};

function labelOf(document: ConfigDocument): string {
  return document.name === "" ? document.kind : kindAndName(document);
}
