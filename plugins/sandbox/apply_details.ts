/** What a node says of an application of a configuration (spec/machine-ops.md, 16.7). */

import { formatDuration } from "../../core/output/durations.ts";
import { writeConfig } from "../../core/machine_config/encode.ts";
import type { ConfigDocument } from "../../core/machine_config/value.ts";

/** How a configuration can be applied. */
export type ApplyMode = "NO_REBOOT" | "STAGED" | "TRY";

const applied = "Applied configuration without a reboot";
const staged = "Staged configuration to be applied after the next reboot";

/** What was done. */
export function modeDetails(mode: ApplyMode, tryMs: number): string {
  if (mode === "STAGED") return staged;
  if (mode === "NO_REBOOT") return applied;
  const time = formatDuration(tryMs);
  return `${applied}\nThe config is applied in 'try' mode and will be automatically reverted back in ${time}`;
}

/** What would be done. */
export async function dryRunDetails(
  mode: ApplyMode,
  before: readonly ConfigDocument[],
  after: readonly ConfigDocument[],
): Promise<string> {
  const what = `${mode === "STAGED" ? staged : applied} (skipped in dry-run).`;
  const differences = await unifiedDiff(writeConfig(before), writeConfig(after));
  return `Dry run summary:\n${what}\nConfig diff:\n\n${differences || "No changes."}`;
}

/** What nodes compare at most. */
const maxLines = 75_000;
/** Nor may two that have nothing in common hold up a whole sandbox. */
const maxComparisonMs = 2000;

/** The differences as `diff -u` shows them, with the names `a` and `b`; empty where there are none. */
async function unifiedDiff(before: string, after: string): Promise<string> {
  if (before === after) return "";
  if (lineCount(before) + lineCount(after) > maxLines) return tooLarge(before, after);
  const { structuredPatch } = await import("diff");
  const options = { context: 3, timeout: maxComparisonMs };
  const patch = structuredPatch("a", "b", before, after, "", "", options);
  if (patch === undefined) return tooLarge(before, after);
  const shown = patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
    // A side without lines begins at line 0.
    const from = range(oldLines === 0 ? oldStart - 1 : oldStart, oldLines);
    const to = range(newLines === 0 ? newStart - 1 : newStart, newLines);
    return `@@ -${from} +${to} @@\n${lines.map((line) => `${line}\n`).join("")}`;
  });
  return `--- a\n+++ b\n${shown.join("")}`;
}

function tooLarge(before: string, after: string): string {
  const [oldCount, newCount] = [lineCount(before), lineCount(after)];
  return `--- a\n+++ b\n@@ -1,${oldCount} +1,${newCount} @@ diff too large to display\n`;
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${count}`;
}

function lineCount(text: string): number {
  return text.split("\n").length - 1;
}
