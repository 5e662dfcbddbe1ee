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

/** One thing that is wrong, or should be known. */
export interface FoundProblem {
  severity: "error" | "warning";
  text: string;
  /** Absent where it is about several documents. */
  document?: ConfigDocument;
}

/** Checks a configuration; everything that was found, in the official order, errors before warnings in each document. */
export async function findProblems(
  documents: readonly ConfigDocument[],
  mode: string,
): Promise<FoundProblem[]> {
  const main = documents.find(({ kind }) => kind === "");
  const others = documents.filter(({ kind }) => kind !== "");
  const problems = main === undefined ? [] : of(main, checkMain(main.value, mode));
  for (const document of others) {
    const found = newFindings();
    await checks[document.kind]?.(document, found);
    problems.push(...of(document, found));
  }
  if (main !== undefined) {
    for (const document of others) {
      const text = conflictWithMain(main.value, document);
      if (text !== undefined) problems.push({ severity: "error", text });
    }
  }
  const ofSet = wholeSetProblems(others, main?.value, mode);
  return [...problems, ...ofSet.map((text) => ({ severity: "error", text }) as const)];
}

function of(document: ConfigDocument, { errors, warnings }: Findings): FoundProblem[] {
  return [
    ...errors.map((text) => ({ severity: "error", text, document }) as const),
    ...warnings.map((text) => ({ severity: "warning", text, document }) as const),
  ];
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
  const byDocument = new Map<ConfigDocument | undefined, Findings>();
  for (const { severity, text, document } of await findProblems(documents, mode)) {
    const found = byDocument.get(document) ?? newFindings();
    byDocument.set(document, found);
    found[severity === "error" ? "errors" : "warnings"].push(text);
  }
  const { errors, warnings } = newFindings();
  for (const [document, found] of byDocument) {
    if (document?.kind === "" && isStrict) {
      found.errors.push(...found.warnings.map((text) => `warning: ${text}`));
    } else warnings.push(...found.warnings);
    if (found.errors.length > 0) errors.push(...inOrder(document, found.errors));
  }
  return { errors, warnings };
}

/** The errors of one document are one item; those of none are an item each, and come last. */
function inOrder(document: ConfigDocument | undefined, texts: readonly string[]) {
  if (document === undefined) return texts;
  if (document.kind === "") return [`v1alpha1.Config: ${countedText(texts)}`];
  return [`${labelOf(document)}: ${texts.join("\n")}`];
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
