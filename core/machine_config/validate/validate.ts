/** Validation of a whole configuration: every problem at once, in the official order (spec/machine-config.md, 11). */

import { countedText } from "../../counted_errors.ts";
import { type ConfigDocument, kindAndName } from "../value.ts";
import { containerChecks } from "./containers.ts";
import { type DocumentChecks, type Findings, newFindings } from "./findings.ts";
import { imageChecks } from "./images.ts";
import { kubernetesChecks } from "./kubernetes.ts";
import { linkChecks } from "./links.ts";
import { checkMain } from "./main.ts";
import { type Conflict, conflictOf } from "./main_conflicts.ts";
import { networkChecks } from "./network.ts";
import { ruleChecks } from "./network_rules.ts";
import { runtimeChecks } from "./runtime.ts";
import { storageChecks } from "./storage.ts";
import { volumeChecks } from "./volumes.ts";
import { addFacts, newDocumentFacts, wholeSetProblems } from "./whole_set.ts";

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
  /** Absent where it is about several documents; the same object in all problems of one. */
  document?: DocumentName;
}

/** Which document of a configuration: the main one has an empty kind. */
export type DocumentName = Pick<ConfigDocument, "kind" | "name">;

/** Documents as they are at hand, or as they are read. */
type Documents = Iterable<ConfigDocument> | AsyncIterable<ConfigDocument>;

/**
 * Checks a configuration.
 *
 * @returns Everything that was found, in the official order, errors before warnings in each document.
 * @throws What reading the documents throws: nothing that was found is of use then.
 */
export async function findProblems(documents: Documents, mode: string): Promise<FoundProblem[]> {
  const ofOthers: FoundProblem[] = [];
  const { main, ofSeveral } = await inspect(documents, mode, (document, found) => {
    ofOthers.push(...problemsOf(document, found));
  });
  const ofMain = main === undefined ? [] : problemsOf(main.document, main.found);
  return [
    ...ofMain,
    ...ofOthers,
    ...ofSeveral.map((text) => ({ severity: "error", text }) as const),
  ];
}

function problemsOf(
  { kind, name }: ConfigDocument,
  { errors, warnings }: Findings,
): FoundProblem[] {
  const document = { kind, name };
  return [
    ...errors.map((text) => ({ severity: "error", text, document }) as const),
    ...warnings.map((text) => ({ severity: "warning", text, document }) as const),
  ];
}

/**
 * Checks a configuration.
 *
 * @returns Warnings and errors as the official client words them; an error may have several lines.
 * @throws What reading the documents throws.
 */
export async function validateConfig(
  documents: Documents,
  { mode, isStrict }: ValidateOptions,
): Promise<Findings> {
  const ofOthers = newFindings();
  const { main, ofSeveral } = await inspect(documents, mode, (document, { errors, warnings }) => {
    ofOthers.warnings.push(...warnings);
    if (errors.length > 0) ofOthers.errors.push(`${labelOf(document)}: ${errors.join("\n")}`);
  });
  const { errors, warnings } = ofMainDocument(main?.found ?? newFindings(), isStrict);
  return {
    errors: [...errors, ...ofOthers.errors, ...ofSeveral],
    warnings: [...warnings, ...ofOthers.warnings],
  };
}

/** The errors of the main document are one item. */
function ofMainDocument({ errors, warnings }: Findings, isStrict: boolean): Findings {
  const all = isStrict ? [...errors, ...warnings.map((text) => `warning: ${text}`)] : errors;
  return {
    errors: all.length === 0 ? [] : [`v1alpha1.Config: ${countedText(all)}`],
    warnings: isStrict ? [] : warnings,
  };
}

/** What was found, but for what each other document has by itself. */
interface Inspection {
  main: { document: ConfigDocument; found: Findings } | undefined;
  /** What is wrong with documents together. */
  ofSeveral: string[];
}

/** Looks at each document when it comes; of those but the main one hardly anything is kept. */
async function inspect(
  documents: Documents,
  mode: string,
  onOther: (document: ConfigDocument, found: Findings) => void,
): Promise<Inspection> {
  let main: ConfigDocument | undefined;
  const conflicts: Conflict[] = [];
  const facts = newDocumentFacts();
  for await (const document of documents) {
    if (document.kind === "") {
      main ??= document;
      continue;
    }
    const found = newFindings();
    await checks[document.kind]?.(document, found);
    onOther(document, found);
    const conflict = conflictOf(document);
    if (conflict !== undefined) conflicts.push(conflict);
    addFacts(facts, document);
  }
  const value = main?.value;
  const ofSeveral = conflicts.map((conflict) => value !== undefined && conflict(value))
    .filter((text) => typeof text === "string");
  ofSeveral.push(...wholeSetProblems(facts, value, mode));
  return { main: main && { document: main, found: checkMain(main.value, mode) }, ofSeveral };
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

function labelOf(document: DocumentName): string {
  return document.name === "" ? document.kind : kindAndName(document);
}
