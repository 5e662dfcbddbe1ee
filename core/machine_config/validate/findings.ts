/** What checks of a configuration find, and the shape of such checks. */

import { CliError } from "../../errors.ts";
import type { ConfigDocument } from "../value.ts";

/** What is wrong, and what should be known; texts in the order in which they were found. */
export interface Findings {
  errors: string[];
  warnings: string[];
}

/** Checks one document by itself. */
export type DocumentCheck = (document: ConfigDocument, findings: Findings) => void | Promise<void>;

/** Checks of documents by their kinds. */
export type DocumentChecks = Readonly<Record<string, DocumentCheck>>;

/** Nothing found yet. */
export function newFindings(): Findings {
  return { errors: [], warnings: [] };
}

/** The text of the error that a reader throws; nothing where it throws none. */
export function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}

/** Keeps only the first error of a check: kinds that stop there (spec/machine-config.md, 12.3). */
export function firstOnly(check: DocumentCheck): DocumentCheck {
  return async (document, findings) => {
    const found = newFindings();
    await check(document, found);
    findings.errors.push(...found.errors.slice(0, 1));
    findings.warnings.push(...found.warnings);
  };
}
